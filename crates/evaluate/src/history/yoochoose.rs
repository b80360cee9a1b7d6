use std::path::Path;

use record::InteractionType;

use super::read::{HistoryFault, Table};
use super::{Gathering, History, VisitorId, within};

/// The clicks of both files; each session is an anonymous visitor.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    read_part(&within(folder, "yoochoose-clicks-100k_train_full.txt.gz"), "", false, &mut gathering)?;
    read_part(&within(folder, "yoochoose-clicks-100k_test.txt.gz"), "test-", true, &mut gathering)?;
    Ok(gathering.finish())
}

fn read_part(path: &Path, prefix: &str, test: bool, gathering: &mut Gathering) -> Result<(), HistoryFault> {
    let mut clicks = Table::open(path, b'\t')?;
    let (session, item) = (clicks.column(&["SessionId"])?, clicks.column(&["ItemId"])?);
    let time = clicks.column(&["Time"])?;
    while clicks.next()? {
        let product = gathering.product(clicks.text(item));
        let visitor = VisitorId::Anonymous(format!("{prefix}{}", clicks.text(session)));
        let view = InteractionType::ProductDetailPageView;
        gathering.event(visitor, product, clicks.time_ms(time)?, view, f32::NAN).test = test;
    }
    Ok(())
}
