//! The ranking of candidates: the blend, and for its best the second look of the forest.

use crate::blend::{Blend, Lesson, Situation};
use crate::experts::popularity::PERIODS;
use crate::experts::set::{AGE_AT, COLD_AT, Candidates, EXPERTS, FEATURES, LEANING_AT, POPULARITY_AT};
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
    /// Added to the logit of a product without history: how much less, or more, such products are wanted in this log than those
    /// were from which the combination was learned.
    pub(crate) cold_offset: f32,
}

impl Ranker {
    /// `arrivals` ask for the products hidden alone; the blend learns of them, the second look does not.
    pub(crate) fn fit(lessons: &[&Lesson], arrivals: &[&Lesson], worth_ln: &[f32]) -> Ranker {
        let blend = Blend::fit(lessons, arrivals);
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
        Ranker {
            blend,
            forest: Forest::fit(&rows),
            second_look: [true; 3],
            worth_ln: worth_ln.to_vec(),
            cold_offset: 0.0,
        }
    }

    /// What speaks for a candidate more than for the mean one, by source; negative parts speak against it.
    pub(crate) fn parts(&self, context: Context, candidates: &Candidates, index: usize) -> Vec<(&'static str, f32)> {
        let weights = &self.blend.weights[context.situation as usize];
        let count = candidates.rows.len() as f32;
        let mut mean = [0.0f32; FEATURES];
        for other in 0..candidates.rows.len() {
            mean.iter_mut().zip(candidates.features_of(other)).for_each(|(sum, value)| *sum += value / count);
        }
        let own = candidates.features_of(index);
        let part = |at: usize| weights[at] * (own[at] - mean[at]);
        let mut parts: Vec<(&'static str, f32)> =
            EXPERTS.iter().enumerate().map(|(expert, &name)| (name, part(2 * expert) + part(2 * expert + 1))).collect();
        parts.push(("popularity", (POPULARITY_AT..AGE_AT).map(part).sum()));
        parts.push(("newness", part(AGE_AT)));
        parts.push(("leaning", (LEANING_AT..COLD_AT).map(part).sum()));
        parts.push(("description", (COLD_AT..FEATURES).map(part).sum()));
        let given = self.given(candidates);
        let blended = self.blend.logits(context.situation, candidates)[index] + given[index];
        parts.push(("second_look", (self.logits(context, candidates)[index] - blended).max(0.0)));
        parts.push(("worth", given[index] - given.iter().sum::<f32>() / count));
        parts
    }

    /// What each candidate is ordered by: the logarithm of its chance, but for a constant, and of its worth.
    pub(crate) fn logits(&self, context: Context, candidates: &Candidates) -> Vec<f32> {
        let mut logits = self.blend.logits(context.situation, candidates);
        let given = self.given(candidates);
        let looked_at = !self.forest.trees.is_empty() && self.second_look[context.situation as usize];
        if !looked_at {
            logits.iter_mut().zip(given).for_each(|(logit, given)| *logit += given);
            return logits;
        }
        let whole: Vec<f32> = logits.iter().zip(&given).map(|(logit, given)| logit + given).collect();
        let best = best(&whole);
        let most = best.iter().map(|&(index, _)| logits[index as usize]).fold(f32::NEG_INFINITY, f32::max);
        let border = best.last().map_or(0.0, |&(_, logit)| logit);
        let mut out = whole.clone();
        let mut looked_at = vec![false; out.len()];
        let mut values = Vec::with_capacity(best.len() * WIDTH);
        for (place, &(index, _)) in best.iter().enumerate() {
            let index = index as usize;
            write_values(candidates, index, context, (place, logits[index] - most), &mut values);
        }
        let mut least = border;
        for (&(index, logit), looked) in best.iter().zip(self.forest.scores(&values, WIDTH)) {
            let index = index as usize;
            out[index] = logit + looked;
            least = least.min(out[index]);
            looked_at[index] = true;
        }
        // Whoever had no second look stays behind those who had.
        for ((out, logit), looked_at) in out.iter_mut().zip(&whole).zip(looked_at) {
            if !looked_at {
                *out = least + (logit - border).min(0.0);
            }
        }
        out
    }

    /// What is added to each candidate's logit whatever was learned of it: the logarithm of its worth, and what is true of
    /// products without history.
    pub(crate) fn given(&self, candidates: &Candidates) -> Vec<f32> {
        let worth_ln = |row: u32| self.worth_ln.get(row as usize).copied().unwrap_or(0.0);
        let cold = |index: usize| if candidates.is_cold(index) { self.cold_offset } else { 0.0 };
        candidates.rows.iter().enumerate().map(|(index, &row)| worth_ln(row) + cold(index)).collect()
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
    values.extend_from_slice(&features);
    values.extend_from_slice(&candidates.known[index].said);
    let popularity = &features[POPULARITY_AT..POPULARITY_AT + PERIODS];
    values.extend(popularity.windows(2).map(|pair| pair[1] - pair[0]));
    values.extend([context.situation as usize as f32, context.length, context.pause, place as f32, behind]);
}
