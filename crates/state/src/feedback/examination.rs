use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::limits::{ESTIMATED_PAIRS_MAX, EXAMINED_PAIRS_MAX, PLACES_MAX};
use crate::sections::{SectionReader, SectionWriter};
use crate::{ProductRow, SnapshotFault};

/// Rounds of expectation and maximisation.
const ROUNDS: usize = 20;
/// The curve assumed before anything is known, and for how many looks it stands: 1 / (1 + place / 4).
const ASSUMED_LOOKS: f64 = 200.0;
/// For how many showings the mean attraction stands in a product's own.
const ASSUMED_SHOWINGS: f64 = 5.0;
/// After so many clicks the curve is made for the first time, and then whenever they have grown by a quarter.
const FIRST_CLICKS: u64 = 50;

/// How likely a person looks at a place at all, learned from what was shown at several places (position-based model: a click
/// is a look and an attraction, `P(click) = examination(place) · attraction(product)`; fitted by expectation maximisation,
/// Chuklin, Markov & de Rijke, *Click Models for Web Search*, 2015, section 3.2; Wang et al., WSDM 2018).
///
/// Searches and recommendations have a curve each: a list of results is read otherwise than a shelf. Products are told apart
/// by query in searches, because what attracts after one query does not after another.
#[derive(Default)]
pub(super) struct Examination {
    lists: [List; 2],
}

/// What is read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Search,
    Recommendation,
}

impl Kind {
    pub(super) fn of(api: &str) -> Kind {
        if api.starts_with("search/") { Kind::Search } else { Kind::Recommendation }
    }
}

struct List {
    /// By context (a hash of the query), product and place.
    pairs: HashMap<Pair, Counts, FxBuildHasher>,
    curve: [f32; PLACES_MAX],
    clicks: u64,
    /// At so many clicks the curve is made anew.
    due: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Pair {
    context: u32,
    product: u32,
    place: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts {
    shown: u32,
    clicks: u32,
}

impl Default for List {
    fn default() -> List {
        List {
            pairs: HashMap::default(),
            curve: std::array::from_fn(|place| assumed(place) as f32),
            clicks: 0,
            due: FIRST_CLICKS,
        }
    }
}

fn assumed(place: usize) -> f64 {
    1.0 / (1.0 + place as f64 / 4.0)
}

/// Tells queries apart within the pairs; 0 for none.
fn context_of(query: &str) -> u32 {
    if query.is_empty() { 0 } else { crc32fast::hash(query.as_bytes()) }
}

impl Examination {
    /// The chance in (0, 1] that this place (0-based) is looked at, against the place looked at most; the last one's beyond
    /// [`PLACES_MAX`].
    pub(super) fn at(&self, kind: Kind, place: usize) -> f32 {
        self.lists[kind as usize].curve[place.min(PLACES_MAX - 1)]
    }

    pub(super) fn shown(&mut self, kind: Kind, query: &str, place: usize, product: ProductRow) {
        if place < PLACES_MAX {
            self.lists[kind as usize].counts(query, place, product).shown += 1;
        }
    }

    pub(super) fn clicked(&mut self, kind: Kind, query: &str, place: usize, product: ProductRow) {
        if place >= PLACES_MAX {
            return;
        }
        let list = &mut self.lists[kind as usize];
        let counts = list.counts(query, place, product);
        counts.clicks += 1;
        counts.shown = counts.shown.max(counts.clicks);
        list.clicks += 1;
        if list.clicks >= list.due {
            list.due = list.clicks + list.clicks / 4;
            list.curve = list.estimated();
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.lists.iter().map(|list| list.pairs.allocation_size()).sum()
    }

    pub(super) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        for list in &self.lists {
            out.u64(list.clicks)?;
            out.u64(list.due)?;
            for share in list.curve {
                out.u32(share.to_bits())?;
            }
            let mut pairs: Vec<_> = list.pairs.iter().collect();
            pairs.sort_unstable_by_key(|(pair, _)| **pair);
            out.count(pairs.len())?;
            for (pair, counts) in pairs {
                out.u32(pair.context)?;
                out.u32(pair.product)?;
                out.u8(pair.place)?;
                out.u32(counts.shown)?;
                out.u32(counts.clicks)?;
            }
        }
        Ok(())
    }

    /// Every product is below `products`.
    pub(super) fn load(input: &mut SectionReader<'_, '_>, products: u32) -> Result<Examination, SnapshotFault> {
        let mut examination = Examination::default();
        for list in &mut examination.lists {
            list.clicks = input.u64()?;
            list.due = input.u64()?;
            for share in &mut list.curve {
                *share = f32::from_bits(input.u32()?);
                if !(*share > 0.0 && *share <= 1.0) {
                    return Err(input.damaged("a look that is no chance"));
                }
            }
            for _ in 0..input.u32()? {
                let pair = Pair { context: input.u32()?, product: input.u32()?, place: input.u8()? };
                let counts = Counts { shown: input.u32()?, clicks: input.u32()? };
                if pair.product >= products || usize::from(pair.place) >= PLACES_MAX {
                    return Err(input.damaged("a product shown where there is none"));
                }
                list.pairs.insert(pair, counts);
            }
        }
        Ok(examination)
    }
}

impl List {
    fn counts(&mut self, query: &str, place: usize, product: ProductRow) -> &mut Counts {
        if self.pairs.len() >= EXAMINED_PAIRS_MAX {
            self.fade();
        }
        self.pairs.entry(Pair { context: context_of(query), product: product.0, place: place as u8 }).or_default()
    }

    /// Makes room: all counts are halved, and what was shown seldom goes.
    fn fade(&mut self) {
        for counts in self.pairs.values_mut() {
            counts.shown /= 2;
            counts.clicks /= 2;
        }
        let mut least = 1;
        while self.pairs.len() > EXAMINED_PAIRS_MAX / 2 {
            self.pairs.retain(|_, counts| counts.shown >= least);
            least *= 2;
        }
    }

    /// The curve of the pairs shown oftenest. Some milliseconds at most.
    fn estimated(&self) -> [f32; PLACES_MAX] {
        let mut pairs: Vec<(Pair, Counts)> = self.pairs.iter().map(|(pair, counts)| (*pair, *counts)).collect();
        if pairs.len() > ESTIMATED_PAIRS_MAX {
            pairs.sort_unstable_by(|a, b| b.1.shown.cmp(&a.1.shown).then(a.0.cmp(&b.0)));
            pairs.truncate(ESTIMATED_PAIRS_MAX);
        }
        pairs.sort_unstable_by_key(|(pair, _)| *pair);
        let sum = |part: fn(&Counts) -> u32| pairs.iter().map(|(_, counts)| f64::from(part(counts))).sum::<f64>();
        let looks: f64 =
            pairs.iter().map(|(pair, counts)| f64::from(counts.shown) * assumed(usize::from(pair.place))).sum();
        let mean = (sum(|counts| counts.clicks) / looks.max(1.0)).clamp(1e-4, 0.9);
        // It goes on from the last curve: few rounds each time are many in all.
        let mut curve = self.curve.map(f64::from);
        let products: Vec<&[(Pair, Counts)]> =
            pairs.chunk_by(|a, b| (a.0.context, a.0.product) == (b.0.context, b.0.product)).collect();
        let clicked_of_looked = |product: &&[(Pair, Counts)]| {
            let (clicks, looks) = product.iter().fold((0.0, 0.0), |(clicks, looks), (pair, counts)| {
                let look = curve[usize::from(pair.place)];
                (clicks + f64::from(counts.clicks), looks + f64::from(counts.shown) * look)
            });
            ((clicks + ASSUMED_SHOWINGS * mean) / (looks + ASSUMED_SHOWINGS)).clamp(1e-6, 0.999)
        };
        let mut attraction: Vec<f64> = products.iter().map(clicked_of_looked).collect();
        for _ in 0..ROUNDS {
            let mut looked = [0.0; PLACES_MAX];
            let mut shown = [0.0; PLACES_MAX];
            for (product, attraction) in products.iter().zip(&mut attraction) {
                let (mut attracted, mut all) = (ASSUMED_SHOWINGS * mean, ASSUMED_SHOWINGS);
                for (pair, counts) in *product {
                    let place = usize::from(pair.place);
                    let (look, clicks) = (curve[place], f64::from(counts.clicks));
                    let passed = f64::from(counts.shown) - clicks;
                    let none = 1.0 - look * *attraction;
                    looked[place] += clicks + passed * look * (1.0 - *attraction) / none;
                    attracted += clicks + passed * *attraction * (1.0 - look) / none;
                    shown[place] += f64::from(counts.shown);
                    all += f64::from(counts.shown);
                }
                *attraction = (attracted / all).clamp(1e-6, 0.999);
            }
            for place in 0..PLACES_MAX {
                let assumed = ASSUMED_LOOKS * assumed(place);
                curve[place] = ((looked[place] + assumed) / (shown[place] + ASSUMED_LOOKS)).clamp(1e-3, 0.999);
            }
        }
        // Looks and attractions are known up to a common factor only.
        let most = curve.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        curve.map(|look| (look / most) as f32)
    }
}
