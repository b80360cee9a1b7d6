//! Titles and stories of the bookshelves.

use rand_pcg::Pcg64Mcg;

use super::draw::pick;
use super::words::{CITIES, FIRST_NAMES, LAST_NAMES};

/// A book's title, author and description.
pub(super) struct Text {
    pub(super) title: String,
    pub(super) author: String,
    pub(super) description: String,
}

const THINGS: [&str; 20] = [
    "Lighthouse",
    "Orchard",
    "Cartographer",
    "Winter",
    "Glass House",
    "Ferry",
    "Clockmaker",
    "Salt Road",
    "Last Letter",
    "Beekeeper",
    "Northern Line",
    "Paper Boat",
    "Archive",
    "Fig Tree",
    "Island",
    "Pianist",
    "Observatory",
    "Night Train",
    "Garden Wall",
    "Harvest",
];
const QUALITIES: [&str; 14] = [
    "Silent",
    "Borrowed",
    "Second",
    "Hidden",
    "Crooked",
    "Long",
    "Blue",
    "Forgotten",
    "Unfinished",
    "Distant",
    "Patient",
    "Drowned",
    "Wooden",
    "Early",
];
const PLACES: [&str; 12] = [
    "the Marshes",
    "Halvard Bay",
    "the Third Floor",
    "Mill Street",
    "the Far Shore",
    "Oldhaven",
    "the Valley",
    "Quarry Hill",
    "the Salt Flats",
    "Bell Lane",
    "the Archipelago",
    "Winterton",
];
const PEOPLE: [&str; 12] = [
    "a retired surveyor",
    "two sisters",
    "a young archivist",
    "a ferry captain",
    "a village teacher",
    "an interpreter",
    "a piano tuner",
    "a botanist",
    "a night porter",
    "three old friends",
    "a baker's daughter",
    "a photographer",
];
const PLOTS: [&str; 10] = [
    "finds a map that should not exist",
    "returns to a house that was sold long ago",
    "has one summer to keep a promise",
    "answers a letter meant for somebody else",
    "sets out to count the birds of a drowned valley",
    "inherits a shop full of broken clocks",
    "waits for a ship that nobody else remembers",
    "learns to forgive a brother",
    "takes a job on the last night train",
    "discovers who planted the orchard",
];
const CASES: [&str; 8] = [
    "a violinist disappears between two stations",
    "the tide brings in an empty rowing boat",
    "a painting comes back to the museum, fifty years after the theft",
    "the mayor's housekeeper knows too much",
    "a body is found in the dry dock",
    "someone sends the police a chess move every Monday",
    "an heir turns up who died in the war",
    "the lights of the lighthouse go out for eleven minutes",
];
const VERDICTS: [&str; 10] = [
    "A quiet book with a long echo.",
    "Warm, funny and never sentimental.",
    "You will not guess the end.",
    "Told with a sharp eye and a light hand.",
    "A first novel that reads like a tenth.",
    "Impossible to put down after midnight.",
    "Wise about families, weather and money.",
    "The translation sings.",
    "A prize-winner, and rightly so.",
    "Slow in the best sense.",
];
const DISHES: [&str; 10] = [
    "Bread",
    "Soup",
    "Noodles",
    "Vegetables",
    "Sunday Roasts",
    "Cakes",
    "Pickles",
    "Small Plates",
    "Dumplings",
    "Breakfast",
];
const ANIMALS: [&str; 10] = ["Bear", "Fox", "Hedgehog", "Whale", "Owl", "Badger", "Snail", "Goose", "Mouse", "Moose"];
const WISHES: [&str; 8] = [
    "Wants to Fly",
    "Cannot Sleep",
    "Goes to Sea",
    "Bakes a Cake",
    "Loses a Sock",
    "Starts School",
    "Finds the Moon",
    "Learns to Whistle",
];

/// A book for the shelf of this name.
pub(super) fn write(rng: &mut Pcg64Mcg, shelf: &str) -> Text {
    let author = format!("{} {}", pick(rng, &FIRST_NAMES), pick(rng, &LAST_NAMES));
    let (thing, quality, place) = (*pick(rng, &THINGS), *pick(rng, &QUALITIES), *pick(rng, &PLACES));
    let (person, plot, verdict) = (*pick(rng, &PEOPLE), *pick(rng, &PLOTS), *pick(rng, &VERDICTS));
    let (title, story) = match shelf {
        "Crime" => {
            let case = *pick(rng, &CASES);
            let titles = [
                format!("Death in {place}"),
                format!("The {quality} Witness"),
                format!("The {thing} Murders"),
                format!("A {quality} Alibi"),
            ];
            (
                pick(rng, &titles).clone(),
                format!(
                    "Inspector {} is about to retire when {case}. In {place} nobody talks, and everybody listens.",
                    pick(rng, &LAST_NAMES)
                ),
            )
        }
        "Cookbooks" => {
            let (dish, city) = (*pick(rng, &DISHES), pick(rng, &CITIES).0);
            let titles = [
                format!("{dish} from {city}"),
                format!("The {quality} Kitchen: {dish}"),
                format!("Simply {dish}"),
                format!("A Year of {dish}"),
            ];
            (
                pick(rng, &titles).clone(),
                format!(
                    "Eighty recipes for {}, each tried in a home kitchen in {city}. Every one fits on a page, and none needs a shop you do not have.",
                    dish.to_lowercase()
                ),
            )
        }
        "Travel" => {
            let (from, to) = (pick(rng, &CITIES).0, *pick(rng, &PLACES));
            let titles = [
                format!("From {from} to {to}"),
                format!("Slow Roads to {to}"),
                format!("The {quality} Journey"),
                format!("{from} on Foot"),
            ];
            (
                pick(rng, &titles).clone(),
                format!(
                    "On foot, by ferry and by night train from {from} to {to}. With maps, timetables and a list of good bakeries."
                ),
            )
        }
        "Children's Books" => {
            let (animal, wish) = (*pick(rng, &ANIMALS), *pick(rng, &WISHES));
            (
                format!("{animal} {wish}"),
                format!(
                    "{animal} has a plan, and the whole wood has an opinion. A picture book for reading aloud, from three years, with a map inside the cover."
                ),
            )
        }
        _ => {
            let titles = [
                format!("The {thing}"),
                format!("The {quality} {thing}"),
                format!("{quality} Days in {place}"),
                format!("The {thing} of {place}"),
            ];
            (
                pick(rng, &titles).clone(),
                format!(
                    "In {place}, {person} {plot}. What begins as a small errand turns into the story of a whole town."
                ),
            )
        }
    };
    Text { title, description: format!("{story} {verdict}"), author }
}
