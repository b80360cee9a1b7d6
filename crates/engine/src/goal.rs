use recommend::Aim;
use record::InteractionType;
use state::{Catalogue, ProductRow};

/// How far the worth of a product may be from the middle one: a wrong price must not rule every page.
const WORTH_RATIO_MAX: f64 = 100.0;

/// What an engine is trained to bring about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Goal {
    /// The conversions to optimise for; the rest of the log remains evidence of what people want. Empty: everything that
    /// speaks for a product. Where the last part of the log holds too few of them to learn from, everything is taken.
    pub optimize_for: Vec<InteractionType>,
    /// What a conversion is worth by its product; `None`: every one the same.
    pub weight_by: Option<WeightBy>,
}

/// A numeric attribute to weight conversions by: they are worth `attribute ^ power`.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightBy {
    /// A field of products as filters name it: `sale_price`, `custom_attributes.margin`.
    pub attribute: String,
    /// From 0 (all the same) to 1 (in proportion to the attribute); beyond, the nearer of the two.
    pub power: f64,
}

impl Goal {
    /// Whether an interaction of this kind is one to bring about.
    pub(crate) fn wants(&self, kind: InteractionType) -> bool {
        self.optimize_for.is_empty() || self.optimize_for.contains(&kind)
    }

    /// What one is worth, by product, over the middle one's: at most [`WORTH_RATIO_MAX`] times as much, or as little. A product
    /// whose attribute is absent or not positive is worth as much as the middle one. Empty where all are worth the same.
    pub(crate) fn worth(&self, catalogue: &Catalogue) -> Vec<f32> {
        let Some(WeightBy { attribute, power }) = &self.weight_by else { return Vec::new() };
        let power = if power.is_finite() { power.clamp(0.0, 1.0) } else { 0.0 };
        let number = |row: u32| {
            catalogue.number(ProductRow(row), attribute).filter(|&number| number > 0.0 && number.is_finite())
        };
        let mut numbers: Vec<f64> = (0..catalogue.rows()).filter_map(number).collect();
        if numbers.is_empty() || power == 0.0 {
            return Vec::new();
        }
        let middle = numbers.len() / 2;
        let middle = *numbers.select_nth_unstable_by(middle, f64::total_cmp).1;
        let worth = |row: u32| {
            let ratio = number(row).map_or(1.0, |number| number / middle);
            ratio.clamp(WORTH_RATIO_MAX.recip(), WORTH_RATIO_MAX).powf(power) as f32
        };
        (0..catalogue.rows()).map(worth).collect()
    }

    pub(crate) fn aim(&self, catalogue: &Catalogue, wanted: Vec<bool>) -> Aim {
        let wanted = if self.optimize_for.is_empty() { Vec::new() } else { wanted };
        Aim { wanted, worth: self.worth(catalogue) }
    }
}
