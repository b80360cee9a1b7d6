use recommend::{Dataset, Observation};
use rustc_hash::FxHashSet;

use crate::history::History;

/// A question with the answer that came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// The visitor's number.
    pub visitor: u32,
    /// What the visitor did before, in time order; empty for somebody new.
    pub history: Vec<Observation>,
    /// Of that, the events of the history (by index) which are not in the past that is learned from: the clicks of a
    /// running session.
    pub live: Vec<usize>,
    /// When it is asked, in milliseconds since 1970.
    pub now_ms: i64,
    /// The products that are not ranked, as the visitor has had them; in rising order.
    pub known: Vec<u32>,
    /// The products wanted next, of those that occur in the past (but for the split by products).
    pub wanted: Vec<u32>,
    /// The products wanted next that nobody had before.
    pub wanted_new: Vec<u32>,
}

/// Which questions a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// People with a history who want products with one. The main part.
    Known,
    /// People of whom nothing is known.
    NewVisitors,
    /// People with a history who want products that nobody had before.
    NewProducts,
}

impl Case {
    /// What counts as found in this part; `None` where the question does not belong to it.
    pub fn wanted_in(&self, part: Part) -> Option<&[u32]> {
        let stranger = self.known.is_empty();
        let wanted = match part {
            Part::Known if !stranger => &self.wanted,
            Part::NewVisitors if stranger => &self.wanted,
            Part::NewProducts if !stranger => &self.wanted_new,
            _ => return None,
        };
        (!wanted.is_empty()).then_some(wanted)
    }
}

/// A log split into what may be learned from and the questions.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// What may be learned from.
    pub past: Dataset,
    /// By event of the history, whether it belongs to the past.
    pub in_past: Vec<bool>,
    /// The questions.
    pub cases: Vec<Case>,
    /// By product, in how large a share of the past's visitors' histories it is: for novelty.
    pub visitor_share: Vec<f32>,
}

impl Replay {
    pub(super) fn new(history: &History, in_past: Vec<bool>, cases: Vec<Case>) -> Replay {
        let past = history.dataset(|index, _| in_past[index]);
        let mut counts = vec![0u32; past.products as usize];
        let mut seen = FxHashSet::default();
        for visitor in past.visitors() {
            seen.clear();
            for observation in visitor.iter().filter(|observation| seen.insert(observation.product)) {
                counts[observation.product as usize] += 1;
            }
        }
        let visitors = past.ends.len().max(1) as f32;
        let visitor_share = counts.into_iter().map(|count| count as f32 / visitors).collect();
        Replay { past, in_past, cases, visitor_share }
    }

    /// Keeps at most `count` questions, spread evenly.
    pub fn thin_out(&mut self, count: usize) {
        let all = self.cases.len();
        if all > count {
            let kept = |index: usize| (index * count) / all != ((index + 1) * count) / all;
            let mut index = 0;
            self.cases.retain(|_| {
                index += 1;
                kept(index - 1)
            });
        }
    }

    /// Questions of this part.
    pub fn count(&self, part: Part) -> usize {
        self.cases.iter().filter(|case| case.wanted_in(part).is_some()).count()
    }
}
