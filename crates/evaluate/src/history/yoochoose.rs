use std::path::Path;

use recommend::Observation;

use super::read::{HistoryFault, Table};
use super::{Gathering, History, within};

/// The clicks of both files; each session is a visitor.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    read_part(&within(folder, "yoochoose-clicks-100k_train_full.txt.gz"), "", &mut gathering)?;
    let training = gathering.events.len();
    read_part(&within(folder, "yoochoose-clicks-100k_test.txt.gz"), "test ", &mut gathering)?;
    for event in &mut gathering.events[training..] {
        event.test = true;
    }
    Ok(gathering.finish())
}

fn read_part(path: &Path, prefix: &str, gathering: &mut Gathering) -> Result<(), HistoryFault> {
    let mut clicks = Table::open(path, b'\t')?;
    let (session, item) = (clicks.column(&["SessionId"])?, clicks.column(&["ItemId"])?);
    let time = clicks.column(&["Time"])?;
    while clicks.next()? {
        let product = gathering.product(clicks.text(item));
        let observation = Observation { product, time_ms: clicks.time_ms(time)?, weight: 1.0, converted: false };
        let visitor = format!("{prefix}{}", clicks.text(session));
        gathering.event(&visitor, observation, true);
    }
    Ok(())
}
