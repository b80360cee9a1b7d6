//! Worlds from short text: one interaction a line, `<seconds> <type> [u=<user>] [a=<anonymous>] [p=<products>] …`.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses its part")]

use record::{Interaction, InteractionType, Time};
use state::{Applied, Event, Given, State, VisitorRow};
use uuid::Uuid;

/// The interaction of a line such as `60 add_to_cart u=ann a=x p=1,2 g=shirts q=3 note=hello`.
pub fn interaction(line: &str) -> Interaction {
    let mut words = line.split_whitespace();
    let seconds: i64 = words.next().unwrap().parse().unwrap();
    let kind = InteractionType::from_name(words.next().unwrap()).unwrap();
    let mut interaction: Interaction = serde_json::from_value(serde_json::json!({ "type": kind.name() })).unwrap();
    interaction.timestamp = Some(Time(seconds * Time::SECOND_MS));
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        let list = || value.split(',').map(str::to_owned).collect::<Vec<_>>();
        let number = || Some(value.parse::<f64>().unwrap());
        match name {
            "u" => interaction.user_id = Some(value.to_owned()),
            "a" => interaction.anonymous_id = Some(value.to_owned()),
            "p" => interaction.product_ids = list(),
            "g" => interaction.product_group_ids = list(),
            "q" => interaction.quantities = list().iter().map(|text| text.parse().unwrap()).collect(),
            "m" => interaction.miso_id = Some(Uuid::from_u128(value.parse().unwrap())),
            "words" => {
                let keywords = Some(value.replace('_', " "));
                interaction.search = Some(record::SearchInformation { keywords, filters: None });
            }
            "revenue" => interaction.revenue = number(),
            "stars" => interaction.rating = number(),
            "duration" => interaction.duration = number(),
            "note" => interaction.value = Some(value.to_owned()),
            "context" => interaction.context = Some(serde_json::from_str(value).unwrap()),
            _ => panic!("no field {name}"),
        }
    }
    interaction
}

/// An empty state; all of them share an epoch, so that equal states give equal snapshots.
pub fn empty() -> State {
    State::new(Uuid::from_u128(1))
}

/// The state after these lines, at the positions 1, 2, ….
pub fn world(lines: &str) -> State {
    let mut state = empty();
    fold(&mut state, lines);
    state
}

/// Folds lines in at the next positions.
pub fn fold(state: &mut State, lines: &str) -> Vec<Applied> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| add(state, &interaction(line))).collect()
}

/// Folds an interaction in at the next position.
pub fn add(state: &mut State, interaction: &Interaction) -> Applied {
    let held = state.holds(interaction);
    let applied = state.add_interaction(state.position() + 1, interaction);
    assert_eq!(held, applied == Applied::Duplicate, "`holds` and `add_interaction` agree on {interaction:?}");
    applied
}

/// Remembers an answer of a line such as `60 search/search m=7 u=ann p=1,2 words=red_shoe unit=home version=v1 start=10`.
/// Its products must have been named before.
pub fn give(state: &mut State, line: &str) {
    let mut words = line.split_whitespace();
    let time = Time(words.next().unwrap().parse::<i64>().unwrap() * Time::SECOND_MS);
    let api = words.next().unwrap().to_owned();
    let visitor = visitor(state, line);
    let mut given = Given { time, api, engine_id: "default".to_owned(), visitor, ..Given::default() };
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        match name {
            "m" => given.miso_id = Uuid::from_u128(value.parse().unwrap()),
            "p" => given.products = value.split(',').map(|id| state.catalogue().row(id).unwrap()).collect(),
            "words" => given.query = value.replace('_', " "),
            "unit" => given.unit_id = value.to_owned(),
            "version" => given.version = value.to_owned(),
            "start" => given.start = value.parse().unwrap(),
            "u" | "a" => {}
            _ => panic!("no field {name}"),
        }
    }
    state.remember(given);
}

/// The visitor of `u=…` or `a=…` ids.
pub fn visitor(state: &State, ids: &str) -> Option<VisitorRow> {
    let id = |name: &str| ids.split_whitespace().find_map(|word| word.strip_prefix(name));
    state.people().visitor(id("u="), id("a="))
}

/// An event as text: `<seconds> <type> <product or ->`.
pub fn told(state: &State, event: Event) -> String {
    let product = match event.product {
        None => "-",
        Some(row) if state.catalogue().group_of_group_row(row).is_some() => "group",
        Some(row) => state.catalogue().id(row),
    };
    format!("{} {} {product}", event.time.0 / Time::SECOND_MS, event.kind.name())
}

/// The history behind these ids, one event a line; empty for an unknown visitor.
pub fn history(state: &State, ids: &str) -> Vec<String> {
    let Some(visitor) = visitor(state, ids) else { return Vec::new() };
    state.people().history(visitor).map(|event| told(state, event)).collect()
}

/// The state as a snapshot.
pub fn saved(state: &State) -> Vec<u8> {
    let mut bytes = Vec::new();
    state.save(&mut bytes).unwrap();
    bytes
}

/// The state in a snapshot.
pub fn loaded(bytes: &[u8]) -> State {
    State::load(&mut &*bytes).unwrap()
}
