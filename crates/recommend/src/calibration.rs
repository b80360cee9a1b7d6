//! From what the ranker says to how often it came true.
//!
//! Isotonic regression (Zadrozny & Elkan 2002) over groups of candidates with enough wanted ones in each, and straight
//! lines between the groups, so that better stays better.

/// Wanted products in each group.
const WANTED_PER_GROUP: usize = 30;

/// Points of (what the ranker says, how often it came true), rising in both; without any, what it says is believed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Calibration {
    pub(crate) points: Vec<(f32, f32)>,
}

/// One bin of a reliability curve: of so many chances about as great, how great they were in the mean, and how often they came
/// true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReliabilityBin {
    /// The mean of the chances given, 0–1.
    pub predicted: f32,
    /// The share that came true, 0–1.
    pub observed: f32,
    /// How many they are.
    pub count: u32,
}

/// The upper borders of the bins of a reliability curve but for the last one: most chances are small.
const BORDERS: [f32; 9] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/// The bins, in rising order, of chances given with whether they came true; empty ones are left out.
pub(crate) fn reliability(pairs: impl Iterator<Item = (f32, bool)>) -> Vec<ReliabilityBin> {
    // (sum of the chances, came true, all)
    let mut sums = [(0.0f64, 0u32, 0u32); BORDERS.len() + 1];
    for (chance, true_) in pairs {
        let sum = &mut sums[BORDERS.partition_point(|&border| border < chance)];
        *sum = (sum.0 + f64::from(chance), sum.1 + u32::from(true_), sum.2 + 1);
    }
    let some = sums.into_iter().filter(|&(_, _, count)| count > 0);
    some.map(|(chances, true_, count)| ReliabilityBin {
        predicted: (chances / f64::from(count)) as f32,
        observed: true_ as f32 / count as f32,
        count,
    })
    .collect()
}

impl Calibration {
    /// From pairs of what was said and whether it came true.
    pub(crate) fn fit(mut pairs: Vec<(f32, bool)>) -> Calibration {
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        // (sum of what was said, wanted, all)
        let mut groups: Vec<(f64, f64, f64)> = Vec::new();
        let mut group = (0.0, 0.0, 0.0);
        for (said, true_) in pairs {
            group.0 += f64::from(said);
            group.1 += f64::from(u8::from(true_));
            group.2 += 1.0;
            if group.1 as usize >= WANTED_PER_GROUP {
                groups.push(std::mem::take(&mut group));
                // Groups that fall are one: the rate must rise.
                while let [.., before, last] = groups.as_slice() {
                    if before.1 / before.2 < last.1 / last.2 {
                        break;
                    }
                    let merged = (before.0 + last.0, before.1 + last.1, before.2 + last.2);
                    groups.truncate(groups.len() - 2);
                    groups.push(merged);
                }
            }
        }
        let points = groups.into_iter().map(|(said, wanted, all)| ((said / all) as f32, (wanted / all) as f32));
        let mut points: Vec<(f32, f32)> = points.collect();
        points.dedup_by(|later, kept| later.0 <= kept.0);
        Calibration { points }
    }

    /// The chance behind `said`, both 0–1; rises with it.
    pub(crate) fn of(&self, said: f32) -> f32 {
        if self.points.is_empty() {
            return said;
        }
        let after = self.points.partition_point(|&(point, _)| point < said);
        let (x0, y0) = if after == 0 { (0.0, 0.0) } else { self.points[after - 1] };
        let (x1, y1) = self.points.get(after).copied().unwrap_or((1.0, 1.0));
        if x1 <= x0 { y1 } else { (y0 + (y1 - y0) * (said - x0) / (x1 - x0)).clamp(0.0, 1.0) }
    }
}
