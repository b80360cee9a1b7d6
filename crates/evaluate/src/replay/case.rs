use recommend::{Dataset, Observation};

/// A question with the answer that came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// What the visitor did before, in time order.
    pub history: Vec<Observation>,
    /// When it is asked, in milliseconds since 1970.
    pub now_ms: i64,
    /// The products that are not ranked, as the visitor has had them; in rising order.
    pub known: Vec<u32>,
    /// The products wanted next.
    pub wanted: Vec<u32>,
}

/// A log split into what may be learned from and the questions.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// What may be learned from.
    pub past: Dataset,
    /// The questions.
    pub cases: Vec<Case>,
    /// By product, in how large a share of the past's visitors' histories it is: for novelty.
    pub visitor_share: Vec<f32>,
}

impl Replay {
    pub(super) fn new(past: Dataset, cases: Vec<Case>) -> Replay {
        let mut counts = vec![0u32; past.products as usize];
        let mut seen = rustc_hash::FxHashSet::default();
        for visitor in past.visitors() {
            seen.clear();
            for observation in visitor.iter().filter(|observation| seen.insert(observation.product)) {
                counts[observation.product as usize] += 1;
            }
        }
        let visitors = past.ends.len().max(1) as f32;
        let visitor_share = counts.into_iter().map(|count| count as f32 / visitors).collect();
        Replay { past, cases, visitor_share }
    }
}
