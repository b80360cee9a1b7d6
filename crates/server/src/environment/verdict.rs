//! Whether a new version is put in use, or kept out because another answer to the same need does better.
//!
//! A difference counts only beyond what chance explains: the lag must exceed 2.33 standard errors (one chance in a
//! hundred) and a hundredth of the better figure. Where each side answered its own questions, the spread of nDCG is not
//! known and its greatest possible one stands in: a figure between 0 and 1 of mean m varies by m (1 − m) at most.

use super::versions::{Comparison, Version};
use crate::engine_definition::EngineDefinition;

/// Standard errors of the lag that chance explains, one time in a hundred not (one-sided normal quantile).
const CHANCE: f64 = 2.33;
/// A lag of this share of the better figure is none to speak of.
const SHARE: f64 = 0.01;
/// With fewer questions no verdict is given.
pub(super) const QUESTIONS_MIN: usize = 50;

/// How two rankings did on the same questions, or each on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lag {
    pub(super) questions: usize,
    /// Mean nDCG@10 of the new one, and of the other.
    pub(super) new: f64,
    pub(super) other: f64,
    /// The standard error of the difference.
    pub(super) error: f64,
}

impl Lag {
    /// Of what both gained on each of the same questions.
    pub(super) fn on_the_same(new: &[f32], other: &[f32]) -> Lag {
        let questions = new.len().min(other.len());
        let count = questions.max(1) as f64;
        let mean = |gains: &[f32]| gains.iter().take(questions).map(|&gain| f64::from(gain)).sum::<f64>() / count;
        let (new_mean, other_mean) = (mean(new), mean(other));
        let apart =
            |(&new, &other): (&f32, &f32)| (f64::from(new) - f64::from(other) - (new_mean - other_mean)).powi(2);
        let variance = new.iter().zip(other).map(apart).sum::<f64>() / (count - 1.0).max(1.0);
        Lag { questions, new: new_mean, other: other_mean, error: (variance / count).sqrt() }
    }

    /// Of two means over questions of their own.
    pub(super) fn on_their_own(new: (usize, f64), other: (usize, f64)) -> Lag {
        let variance = |(questions, mean): (usize, f64)| mean * (1.0 - mean) / questions.max(1) as f64;
        let error = (variance(new) + variance(other)).max(0.0).sqrt();
        Lag { questions: new.0.min(other.0), new: new.1, other: other.1, error }
    }

    /// A lag up to this may be chance.
    pub(super) fn tolerance(&self) -> f64 {
        (CHANCE * self.error).max(SHARE * self.other)
    }

    pub(super) fn is_worse(&self) -> bool {
        self.questions >= QUESTIONS_MIN && self.other - self.new > self.tolerance()
    }

    /// As a version tells it.
    pub(super) fn compared(&self, with: &str, same_questions: bool) -> Comparison {
        Comparison {
            with: with.to_owned(),
            same_questions,
            questions: self.questions as u64,
            ndcg_10: self.new,
            ndcg_10_in_use: self.other,
            tolerance: self.tolerance(),
        }
    }
}

/// How the new version did beside the one in use, where the two can be compared: on the `same` questions, else each on
/// those of its own training, if both aim at the same.
pub(super) fn beside(
    in_use: &Version,
    aim: &EngineDefinition,
    own: (usize, f64),
    same: Option<Lag>,
) -> Option<(Lag, Comparison)> {
    if let Some(lag) = same.filter(|lag| lag.questions >= QUESTIONS_MIN) {
        return Some((lag, lag.compared(&in_use.version, true)));
    }
    if !in_use.trained_for.as_ref().is_some_and(|theirs| theirs.aims_as(aim)) {
        return None;
    }
    let theirs = (in_use.metric("validation_cases")? as usize, in_use.metric("ndcg_10")?);
    let lag = Lag::on_their_own(own, theirs);
    (lag.questions >= QUESTIONS_MIN).then(|| (lag, lag.compared(&in_use.version, false)))
}

/// Why the new version is kept out: it lags behind popularity, or behind the version in use. `None`: it is put in use.
pub(super) fn reason_to_keep_out(popularity: &Lag, in_use: Option<&(Lag, Comparison)>) -> Option<String> {
    if popularity.is_worse() {
        return Some(format!(
            "It did worse than plain popularity on the last part of the log: {:.3} against {:.3} (nDCG@10, {} questions).",
            popularity.new, popularity.other, popularity.questions
        ));
    }
    let (lag, compared) = in_use.filter(|(lag, _)| lag.is_worse())?;
    Some(if compared.same_questions {
        format!(
            "It did worse than the version in use on the same questions of the newest data: {:.3} against {:.3} (nDCG@10, {} questions).",
            lag.new, lag.other, lag.questions
        )
    } else {
        format!(
            "It did worse on the last part of its log than the version in use did on that of its own: {:.3} against {:.3} (nDCG@10).",
            lag.new, lag.other
        )
    })
}

#[cfg(test)]
mod tests;
