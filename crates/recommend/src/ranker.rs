//! The ranking of candidates: the blend, and for its best the second look of the forest.

use crate::blend::{Blend, Lesson, Situation};
use crate::experts::popularity::PERIODS;
use crate::experts::set::{Candidates, EXPERTS, FEATURES};
use crate::forest::{Forest, Rows};
use crate::scores::best_first;
use crate::taste::Taste;

/// So many of the best by the blend get the second look.
const SECOND_LOOK: usize = 60;
/// The features of the second look: those of the blend, the experts' scores as they are, how popularity changes, and
/// what is known of the question.
pub(crate) const WIDTH: usize = FEATURES + EXPERTS.len() + (PERIODS - 1) + 3 + 2;

/// What is known of the question itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    pub(crate) situation: Situation,
    length: f32,
    pause: f32,
}

impl Context {
    pub(crate) fn of(taste: &Taste) -> Context {
        Context {
            situation: Situation::of(taste),
            length: (taste.held.len() as f32).ln_1p(),
            pause: taste.pause_hours.ln_1p(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ranker {
    pub(crate) blend: Blend,
    pub(crate) forest: Forest,
    /// By situation, whether the forest is asked.
    pub(crate) second_look: [bool; 3],
    /// By product, the logarithm of what it is worth that it is wanted; empty: all the same. What is learned is the chance;
    /// the order goes by chance × worth.
    pub(crate) worth_ln: Vec<f32>,
}

impl Ranker {
    pub(crate) fn fit(lessons: &[&Lesson], worth_ln: &[f32]) -> Ranker {
        let blend = Blend::fit(lessons);
        let mut rows = Rows { width: WIDTH, ..Rows::default() };
        for lesson in lessons {
            let logits = blend.logits(lesson.context.situation, &lesson.candidates);
            let best = best(&logits);
            let wanted = best.iter().filter(|&&(index, _)| lesson.wanted[index as usize]).count();
            if wanted == 0 {
                continue;
            }
            for (place, &(index, logit)) in best.iter().enumerate() {
                let target = if lesson.wanted[index as usize] { 1.0 / wanted as f32 } else { 0.0 };
                write_values(
                    &lesson.candidates,
                    index as usize,
                    lesson.context,
                    (place, logit - best[0].1),
                    &mut rows.values,
                );
                rows.logits.push(logit);
                rows.targets.push(target);
            }
            rows.ends.push(rows.logits.len());
        }
        Ranker { blend, forest: Forest::fit(&rows), second_look: [true; 3], worth_ln: worth_ln.to_vec() }
    }

    /// What speaks for a candidate more than for the mean one, by source; negative parts speak against it.
    pub(crate) fn parts(&self, context: Context, candidates: &Candidates, index: usize) -> Vec<(&'static str, f32)> {
        let weights = &self.blend.weights[context.situation as usize];
        let count = candidates.rows.len() as f32;
        let mean = |at: usize| candidates.features.iter().skip(at).step_by(FEATURES).sum::<f32>() / count;
        let own = candidates.features_of(index);
        let part = |at: usize| weights[at] * (own[at] - mean(at));
        let experts = 2 * EXPERTS.len();
        let mut parts: Vec<(&'static str, f32)> =
            EXPERTS.iter().enumerate().map(|(expert, &name)| (name, part(2 * expert) + part(2 * expert + 1))).collect();
        parts.push(("popularity", (experts..experts + PERIODS).map(part).sum()));
        parts.push(("newness", part(experts + PERIODS)));
        parts.push(("leaning", (experts + PERIODS + 1..FEATURES).map(part).sum()));
        let blended = self.blend.logits(context.situation, candidates)[index];
        parts.push(("second_look", (self.chances(context, candidates)[index] - blended).max(0.0)));
        let worth = self.worths(candidates);
        parts.push(("worth", worth[index] - worth.iter().sum::<f32>() / count));
        parts
    }

    /// What each candidate is ordered by: the logarithm of its chance, but for a constant, and of its worth.
    pub(crate) fn logits(&self, context: Context, candidates: &Candidates) -> Vec<f32> {
        let mut logits = self.chances(context, candidates);
        logits.iter_mut().zip(self.worths(candidates)).for_each(|(logit, worth)| *logit += worth);
        logits
    }

    /// The logarithm of each candidate's worth.
    pub(crate) fn worths(&self, candidates: &Candidates) -> Vec<f32> {
        candidates.rows.iter().map(|&row| self.worth_ln.get(row as usize).copied().unwrap_or(0.0)).collect()
    }

    /// The logit of each candidate's chance.
    fn chances(&self, context: Context, candidates: &Candidates) -> Vec<f32> {
        let mut logits = self.blend.logits(context.situation, candidates);
        if self.forest.trees.is_empty() || !self.second_look[context.situation as usize] {
            return logits;
        }
        let best = best(&logits);
        let mut values = Vec::with_capacity(WIDTH);
        let mut least = f32::INFINITY;
        let most = best.first().map_or(0.0, |&(_, logit)| logit);
        for (place, &(index, logit)) in best.iter().enumerate() {
            values.clear();
            write_values(candidates, index as usize, context, (place, logit - most), &mut values);
            let logit = logit + self.forest.score(&values);
            least = least.min(logit);
            logits[index as usize] = logit;
        }
        // Whoever had no second look stays behind those who had.
        let mut looked_at = vec![false; logits.len()];
        best.iter().for_each(|&(index, _)| looked_at[index as usize] = true);
        if let Some(&(_, border)) = best.last() {
            for (logit, looked_at) in logits.iter_mut().zip(looked_at) {
                if !looked_at {
                    *logit = least.min(border) + (*logit - border).min(0.0);
                }
            }
        }
        logits
    }
}

fn best(logits: &[f32]) -> Vec<(u32, f32)> {
    let mut order: Vec<(u32, f32)> = logits.iter().enumerate().map(|(index, &logit)| (index as u32, logit)).collect();
    if order.len() > SECOND_LOOK {
        order.select_nth_unstable_by(SECOND_LOOK - 1, best_first);
        order.truncate(SECOND_LOOK);
    }
    order.sort_unstable_by(best_first);
    order
}

fn write_values(
    candidates: &Candidates,
    index: usize,
    context: Context,
    (place, behind): (usize, f32),
    values: &mut Vec<f32>,
) {
    let features = candidates.features_of(index);
    values.extend_from_slice(features);
    values.extend_from_slice(&candidates.raw[index * EXPERTS.len()..(index + 1) * EXPERTS.len()]);
    let popularity = &features[2 * EXPERTS.len()..2 * EXPERTS.len() + PERIODS];
    values.extend(popularity.windows(2).map(|pair| pair[1] - pair[0]));
    values.extend([context.situation as usize as f32, context.length, context.pause, place as f32, behind]);
}
