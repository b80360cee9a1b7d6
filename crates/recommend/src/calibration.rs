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
