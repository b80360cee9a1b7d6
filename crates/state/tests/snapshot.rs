//! 1. A state loaded from a snapshot and fed the rest of the log equals one fed everything.
//! 2. Equal states give equal bytes, whatever the order within their maps.
//! 3. No bytes make loading panic: not other bytes, not fewer, not damaged ones under a checksum that fits.
//! 4. Another version is told apart from damage.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use proptest::prelude::*;
use record::{Product, Time, User};
use state::{SnapshotFault, State};
use uuid::Uuid;
use world::*;

/// An entry of a log with everything in it.
#[derive(Clone, Debug)]
enum Entry {
    Interaction(String),
    Product(u32, Option<&'static str>),
    DeleteProduct(u32),
    User(u32, &'static str),
    DeleteUser(u32),
    Erase(u32),
}

fn entry() -> impl Strategy<Value = Entry> {
    let interaction = (0..50i64, 0..4usize, 0..4u32, 0..4u32, 0..9u32, any::<bool>()).prop_map(
        |(seconds, kind, user, anonymous, product, grouped)| {
            let kind = ["click", "impression", "checkout", "search"][kind];
            let mut line = format!("{seconds} {kind} u=user{user}");
            if anonymous > 0 {
                line += &format!(" a=device{anonymous}");
            }
            if user == 0 {
                line = line.replace("u=user0", "a=only");
            }
            if product > 0 {
                line += &format!(" {}={product},{}", if grouped { "g" } else { "p" }, product + 1);
            }
            Entry::Interaction(line)
        },
    );
    let attributes = prop_oneof![Just("{}"), Just(r#"{"a":1,"b":"x"}"#), Just(r#"{"b":"y","c":[true]}"#)];
    let group = prop_oneof![Just(None), Just(Some("1")), Just(Some("shirts"))];
    prop_oneof![
        12 => interaction,
        2 => (0..12u32, group).prop_map(|(product, group)| Entry::Product(product, group)),
        1 => (0..12u32).prop_map(Entry::DeleteProduct),
        2 => (0..6u32, attributes).prop_map(|(user, attributes)| Entry::User(user, attributes)),
        1 => (0..6u32).prop_map(Entry::DeleteUser),
        1 => (0..6u32).prop_map(Entry::Erase),
    ]
}

fn apply(state: &mut State, entry: &Entry) {
    let position = state.position() + 1;
    match entry {
        Entry::Interaction(line) => {
            add(state, &interaction(line));
        }
        Entry::Product(number, group) => {
            let product = Product {
                product_id: number.to_string(),
                product_group_id: group.map(str::to_owned),
                title: Some(format!("Product {number}")),
                ..Default::default()
            };
            state.put_product(position, &product, serde_json::to_string(&product).unwrap().into());
        }
        Entry::DeleteProduct(number) => {
            state.delete_product(position, &number.to_string());
        }
        Entry::User(number, attributes) => {
            let custom_attributes = Some(serde_json::from_str(attributes).unwrap());
            state.put_user(
                position,
                &User { user_id: format!("user{number}"), custom_attributes, ..Default::default() },
            );
        }
        Entry::DeleteUser(number) => {
            state.delete_user(position, &format!("user{number}"));
        }
        Entry::Erase(number) => state.erase_interactions(&[format!("user{number}")]),
    }
}

/// Everything that can be asked of a state, as text.
fn told(state: &State) -> String {
    let mut told = format!("{} {:?} {}\n", state.position(), state.latest(), state.people().interactions());
    for visitor in state.people().visitors() {
        let people = state.people();
        told +=
            &format!("{visitor:?} {} {:?}\n", people.revision(visitor), people.history(visitor).collect::<Vec<_>>());
    }
    for number in 0..6 {
        let user = format!("user{number}");
        let device = format!("device{number}");
        told += &format!(
            "{:?} {:?}\n",
            state.people().visitor(Some(&user), None),
            state.people().visitor(None, Some(&device))
        );
        told += &format!("{:?}\n", state.people().traces(&[user]));
    }
    let mut types: Vec<_> = state.people().attribute_types().into_iter().collect();
    types.sort_by(|a, b| a.0.cmp(&b.0));
    told += &format!("{types:?} {}\n", state.people().profiles());
    for row in (0..state.catalogue().rows()).map(state::ProductRow) {
        let (catalogue, trends, now) = (state.catalogue(), state.trends(), Time(100_000));
        told += &format!("{row:?} {:?} {:?} {:?} ", catalogue.id(row), catalogue.body(row), catalogue.group(row));
        told += &format!(
            "{:?} {} {}\n",
            catalogue.group_of_group_row(row),
            trends.popularity(row, now),
            trends.rise(row, now)
        );
    }
    told
}

/// Replaces a byte of a chunk and makes its checksum fit again. The header and the frames stay as they are.
fn forge(bytes: &mut [u8], at: usize, byte: u8) {
    const HEADER_BYTES: usize = 8 + 4 + 16 + 8 + 4;
    let mut start = HEADER_BYTES;
    while start < bytes.len() {
        let tag: [u8; 4] = bytes[start..start + 4].try_into().unwrap();
        start += 4;
        for number in 0u32.. {
            let length = u32::from_le_bytes(bytes[start..start + 4].try_into().unwrap()) as usize;
            let content = start + 8..start + 8 + length;
            if content.contains(&at) {
                bytes[at] = byte;
                let mut crc = crc32fast::Hasher::new();
                crc.update(&tag);
                crc.update(&number.to_le_bytes());
                crc.update(&bytes[content.clone()]);
                bytes[start + 4..start + 8].copy_from_slice(&crc.finalize().to_le_bytes());
            }
            start = content.end;
            if length == 0 {
                break;
            }
        }
    }
}

#[test]
fn an_empty_state_survives() {
    let state = State::new(Uuid::from_u128(7));
    let copy = loaded(&saved(&state));
    assert_eq!((copy.epoch(), copy.position(), told(&copy)), (state.epoch(), 0, told(&state)));
}

#[test]
fn a_value_that_is_absent_stays_absent() {
    let state = loaded(&saved(&world("1 click u=ann p=a")));
    let event = state.people().history(visitor(&state, "u=ann").unwrap()).next().unwrap();
    assert!(event.value.is_nan());
}

#[test]
fn a_file_of_another_version_is_told_from_a_damaged_one() {
    let mut bytes = saved(&world("1 click u=ann p=a"));
    bytes[8] = 99;
    assert!(matches!(State::load(&mut &*bytes), Err(SnapshotFault::Version { found: 99, .. })));
    bytes[0] = b'X';
    assert!(matches!(State::load(&mut &*bytes), Err(SnapshotFault::Damaged { offset: 8, .. })));
    assert!(matches!(State::load(&mut &[][..]), Err(SnapshotFault::Damaged { offset: 0, .. })));
}

#[test]
fn a_file_that_was_cut_short_or_goes_on_is_damaged() {
    let bytes = saved(&world("1 click u=ann a=x p=a\n2 checkout u=bob p=b,c"));
    for length in 0..bytes.len() {
        assert!(State::load(&mut &bytes[..length]).is_err(), "cut to {length} bytes");
    }
    let longer = [&*bytes, b"!"].concat();
    assert!(State::load(&mut &*longer).is_err());
}

#[test]
fn any_single_damaged_byte_is_noticed() {
    let bytes = saved(&world("1 click u=ann a=x p=a\n2 checkout u=bob p=b,c"));
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert!(State::load(&mut &*damaged).is_err(), "byte {at}");
    }
}

#[test]
fn a_snapshot_of_many_chunks_survives() {
    let mut state = empty();
    for number in 0..40_000 {
        let line =
            format!("{} click u=user{} a=device{} p=p{}", number % 977, number % 3_000, number % 7_000, number % 500);
        add(&mut state, &interaction(&line));
    }
    let bytes = saved(&state);
    assert!(bytes.len() > 1 << 20, "more than a chunk: {}", bytes.len());
    let copy = loaded(&bytes);
    assert_eq!(told(&copy), told(&state));
    assert_eq!(saved(&copy), bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_snapshot_and_the_rest_of_the_log_equal_the_whole_log(
        entries in prop::collection::vec(entry(), 0..80),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(entries.len() + 1);
        let mut whole = empty();
        entries.iter().for_each(|entry| apply(&mut whole, entry));
        let mut first = empty();
        entries[..cut].iter().for_each(|entry| apply(&mut first, entry));
        let mut second = loaded(&saved(&first));
        prop_assert_eq!(told(&second), told(&first));
        entries[cut..].iter().for_each(|entry| apply(&mut second, entry));
        prop_assert_eq!(told(&second), told(&whole));
        prop_assert!(saved(&second) == saved(&whole), "equal states give equal bytes");
        for entry in &entries {
            if let Entry::Interaction(line) = entry {
                let interaction = interaction(line);
                prop_assert_eq!(second.holds(&interaction), whole.holds(&interaction));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(State::load(&mut &*bytes).is_err());
        let mut bytes = bytes;
        let head = saved(&empty());
        let head = &head[..head.len().min(48)];
        bytes.splice(0..0, head.iter().copied());
        prop_assert!(State::load(&mut &*bytes).is_err());
    }

    #[test]
    fn damage_under_a_fitting_checksum_does_not_panic(
        entries in prop::collection::vec(entry(), 1..40),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        later in prop::collection::vec(entry(), 0..20),
    ) {
        let mut state = empty();
        entries.iter().for_each(|entry| apply(&mut state, entry));
        let mut bytes = saved(&state);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            forge(&mut bytes, at, byte);
        }
        // What still loads may be wrong, but must be usable.
        if let Ok(mut state) = State::load(&mut &*bytes) {
            told(&state);
            later.iter().for_each(|entry| apply(&mut state, entry));
            told(&state);
            prop_assert!(state.save(&mut std::io::sink()).is_ok());
        }
    }
}
