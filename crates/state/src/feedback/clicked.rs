use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::limits::{CLICKED_PER_VISITOR_MAX, CLICKED_VISITORS_AFTER_CUT, CLICKED_VISITORS_MAX};
use crate::sections::{SectionReader, SectionWriter};
use crate::{ProductRow, SnapshotFault};

/// A product that a person clicked in an answer, or after a search.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Click {
    pub(super) product: ProductRow,
    pub(super) time: i64,
    /// The source of the answer and the place in it; `None` where only the search is known.
    pub(super) source: Option<(u32, u8)>,
    /// What was searched for; empty where it was no search.
    pub(super) query: Box<str>,
}

/// The last products that each person clicked: what is bought later was bought after that answer.
#[derive(Default)]
pub(super) struct Clicked {
    /// In the order of arrival.
    by_visitor: HashMap<u32, Vec<Click>, FxBuildHasher>,
}

impl Clicked {
    /// Notes a click, in the place of an earlier one on the same product.
    pub(super) fn note(&mut self, visitor: u32, click: Click) {
        let clicks = self.by_visitor.entry(visitor).or_default();
        clicks.retain(|other| other.product != click.product);
        if clicks.len() >= CLICKED_PER_VISITOR_MAX {
            clicks.remove(0);
        }
        clicks.push(click);
        if self.by_visitor.len() > CLICKED_VISITORS_MAX {
            self.cut();
        }
    }

    /// The person's last click on the product, or on what `is_like` says is the same, not before `since`.
    pub(super) fn get(&self, visitor: u32, since: i64, is_like: impl Fn(ProductRow) -> bool) -> Option<&Click> {
        let clicks = self.by_visitor.get(&visitor)?;
        clicks.iter().rev().find(|click| click.time >= since && is_like(click.product))
    }

    /// Hands what one row did to another: they are one person from now on.
    pub(super) fn link(&mut self, from: u32, to: u32) {
        let Some(mut moved) = self.by_visitor.remove(&from) else { return };
        let own = self.by_visitor.entry(to).or_default();
        own.append(&mut moved);
        own.sort_by_key(|click| click.time);
        own.drain(..own.len().saturating_sub(CLICKED_PER_VISITOR_MAX));
    }

    pub(super) fn forget(&mut self, visitors: &[u32]) {
        for visitor in visitors {
            self.by_visitor.remove(visitor);
        }
    }

    /// Forgets those who clicked longest ago.
    fn cut(&mut self) {
        let latest = |clicks: &[Click]| clicks.iter().map(|click| click.time).max().unwrap_or(i64::MIN);
        let mut order: Vec<(i64, u32)> =
            self.by_visitor.iter().map(|(visitor, clicks)| (latest(clicks), *visitor)).collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        for (_, visitor) in order.drain(CLICKED_VISITORS_AFTER_CUT..) {
            self.by_visitor.remove(&visitor);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let clicks = self.by_visitor.values().map(|clicks| clicks.capacity() * size_of::<Click>());
        clicks.sum::<usize>() + self.by_visitor.allocation_size()
    }

    pub(super) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        let mut visitors: Vec<_> = self.by_visitor.iter().collect();
        visitors.sort_unstable_by_key(|(visitor, _)| **visitor);
        out.count(visitors.len())?;
        for (visitor, clicks) in visitors {
            out.u32(*visitor)?;
            out.count(clicks.len())?;
            for click in clicks {
                out.u32(click.product.0)?;
                out.u64(click.time.cast_unsigned())?;
                let (source, place) = click.source.unwrap_or((u32::MAX, 0));
                out.u32(source)?;
                out.u8(place)?;
                out.text(&click.query)?;
            }
        }
        Ok(())
    }

    pub(super) fn load(
        input: &mut SectionReader<'_, '_>,
        (products, visitors, sources): (u32, u32, u32),
    ) -> Result<Clicked, SnapshotFault> {
        let mut clicked = Clicked::default();
        for _ in 0..input.u32()? {
            let visitor = input.u32()?;
            let mut clicks = Vec::new();
            for _ in 0..input.u32()? {
                let product = ProductRow(input.u32()?);
                let time = input.u64()?.cast_signed();
                let (source, place) = (input.u32()?, input.u8()?);
                let query = input.text()?.into();
                if product.0 >= products || (source != u32::MAX && source >= sources) {
                    return Err(input.damaged("a click on what there is not"));
                }
                let source = (source != u32::MAX).then_some((source, place));
                clicks.push(Click { product, time, source, query });
            }
            if visitor >= visitors || clicks.is_empty() || clicks.len() > CLICKED_PER_VISITOR_MAX {
                return Err(input.damaged("clicks of nobody"));
            }
            clicked.by_visitor.insert(visitor, clicks);
        }
        Ok(clicked)
    }
}
