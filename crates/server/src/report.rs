//! What became of the answers: the sums of [`state::Feedback`] by what a reader wants to tell apart.

use std::collections::BTreeMap;

use record::Time;
use serde::Serialize;
use state::{Purchases, State, Tallied, Tally};

/// What rows are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dimension {
    Endpoint,
    Engine,
    Version,
    Unit,
    Position,
    Day,
}

impl Dimension {
    pub(crate) const ALL: [Dimension; 6] = {
        use Dimension::*;
        [Day, Endpoint, Engine, Version, Unit, Position]
    };

    /// As in `by=` and in the rows.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Dimension::Endpoint => "endpoint",
            Dimension::Engine => "engine_id",
            Dimension::Version => "version",
            Dimension::Unit => "unit_id",
            Dimension::Position => "position",
            Dimension::Day => "day",
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.name() == name)
    }

    fn of(self, row: &Tallied<'_>) -> Label {
        match self {
            Dimension::Endpoint => Label::Text(row.source.api.to_string()),
            Dimension::Engine => Label::Text(row.source.engine_id.to_string()),
            Dimension::Version => Label::named(&row.source.version),
            Dimension::Unit => Label::named(&row.source.unit_id),
            Dimension::Position => row.place.map_or(Label::None, |place| Label::Number(u64::from(place) + 1)),
            Dimension::Day => Label::Text(day(row.since)),
        }
    }
}

/// The value of a dimension; `null` where it is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub(crate) enum Label {
    Text(String),
    Number(u64),
    None,
}

impl Label {
    fn named(text: &str) -> Label {
        if text.is_empty() { Label::None } else { Label::Text(text.to_owned()) }
    }
}

/// What to report.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// The days, or hours, that begin within.
    pub(crate) from: Time,
    pub(crate) to: Time,
    pub(crate) by: Vec<Dimension>,
    pub(crate) engine_id: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) unit_id: Option<String>,
}

/// A line of the report.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// One for each dimension asked for, in that order.
    pub(crate) labels: Vec<Label>,
    pub(crate) figures: Figures,
}

/// The sums and what follows from them. A rate is `None` where there is nothing to divide by.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Figures {
    answers: u64,
    empty: u64,
    shown: u64,
    impressions: u64,
    viewable_impressions: u64,
    clicks: u64,
    ctr: Option<f64>,
    viewable_ctr: Option<f64>,
    add_to_carts: u64,
    conversions: u64,
    conversion_rate: Option<f64>,
    revenue: f64,
    assisted_share: Option<f64>,
}

impl Figures {
    /// The names of the figures, in their order.
    pub(crate) const NAMES: [&'static str; 13] = [
        "answers",
        "empty",
        "shown",
        "impressions",
        "viewable_impressions",
        "clicks",
        "ctr",
        "viewable_ctr",
        "add_to_carts",
        "conversions",
        "conversion_rate",
        "revenue",
        "assisted_share",
    ];

    fn of(tally: &Tally, purchases: &Purchases) -> Figures {
        // Where the site does not say what it showed, what it was given stands for it.
        let seen = if tally.impressions > 0 { tally.impressions } else { tally.shown };
        Figures {
            answers: tally.answers,
            empty: tally.empty,
            shown: tally.shown,
            impressions: tally.impressions,
            viewable_impressions: tally.viewable_impressions,
            clicks: tally.clicks,
            ctr: rate(tally.clicks, seen),
            viewable_ctr: rate(tally.clicks, tally.viewable_impressions),
            add_to_carts: tally.add_to_carts,
            conversions: tally.conversions,
            conversion_rate: rate(tally.conversions, tally.clicks),
            revenue: rounded(tally.revenue, 1e2),
            assisted_share: rate(tally.conversions, purchases.conversions),
        }
    }

    /// Answers given.
    pub(crate) fn answers(&self) -> u64 {
        self.answers
    }

    /// The figures as text, in the order of [`Figures::NAMES`]; empty where there is none.
    pub(crate) fn texts(&self) -> Vec<String> {
        let value = serde_json::to_value(self).expect("numbers can be written as JSON");
        let text = |name: &&str| if value[*name].is_null() { String::new() } else { value[*name].to_string() };
        Figures::NAMES.iter().map(text).collect()
    }
}

fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| rounded(part as f64 / whole as f64, 1e6))
}

fn rounded(value: f64, to: f64) -> f64 {
    (value * to).round() / to
}

/// The report: its rows in the order of their labels, and the line of all of them together.
///
/// The share of assisted purchases is against everything bought in the time, or on the day where days are told apart.
pub(crate) fn answers(state: &State, asked: &Asked) -> (Vec<Row>, Row, Purchases) {
    let feedback = state.feedback();
    let mut by_labels = BTreeMap::<Vec<Label>, Tally>::new();
    let mut total = Tally::default();
    let fits = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|wanted| wanted == own);
    for row in feedback.tallies(asked.from, asked.to) {
        let source = row.source;
        if !fits(&asked.engine_id, &source.engine_id)
            || !fits(&asked.endpoint, &source.api)
            || !fits(&asked.unit_id, &source.unit_id)
        {
            continue;
        }
        total.add(row.tally);
        let labels = asked.by.iter().map(|dimension| dimension.of(&row)).collect();
        by_labels.entry(labels).or_default().add(row.tally);
    }
    let mut all = Purchases::default();
    let mut by_day = BTreeMap::<String, Purchases>::new();
    for (since, purchases) in feedback.purchases(asked.from, asked.to) {
        all.add(purchases);
        by_day.entry(day(since)).or_default().add(purchases);
    }
    let day_at = asked.by.iter().position(|dimension| *dimension == Dimension::Day);
    let rows = by_labels.into_iter().map(|(labels, tally)| {
        let purchases = match day_at.map(|at| &labels[at]) {
            Some(Label::Text(day)) => by_day.get(day).copied().unwrap_or_default(),
            _ => all,
        };
        let figures = Figures::of(&tally, &purchases);
        Row { labels, figures }
    });
    (rows.collect(), Row { labels: Vec::new(), figures: Figures::of(&total, &all) }, all)
}

/// The day of a time, UTC: `2026-11-24`.
pub(crate) fn day(time: Time) -> String {
    time.to_string().split('T').next().unwrap_or_default().to_owned()
}
