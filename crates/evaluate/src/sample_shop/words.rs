//! The words that the catalogue is made of. Every brand and person is invented.

use super::picture::Shape;

/// When a shelf sells best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Always,
    Spring,
    Summer,
    Winter,
    /// The weeks before the winter holidays.
    Gifts,
}

/// The sizes that the variants of a product come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sizes {
    One,
    Clothes,
    Shoes,
    Beds,
    Pets,
    Volumes,
    Bindings,
}

impl Sizes {
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Sizes::One => &[],
            Sizes::Clothes => &["XS", "S", "M", "L", "XL"],
            Sizes::Shoes => &["37", "38", "39", "40", "41", "42", "43", "44"],
            Sizes::Beds => &["Single", "Double", "King"],
            Sizes::Pets => &["Small", "Medium", "Large"],
            Sizes::Volumes => &["250 ml", "500 ml", "1 l"],
            Sizes::Bindings => &["Paperback", "Hardcover"],
        }
    }
}

/// A sub-category and what its products are made of.
pub(super) struct Shelf {
    pub(super) department: &'static str,
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) nouns: &'static [&'static str],
    pub(super) materials: &'static [&'static str],
    pub(super) uses: &'static [&'static str],
    pub(super) features: &'static [&'static str],
    /// Cheapest and dearest.
    pub(super) price: (f64, f64),
    pub(super) sizes: Sizes,
    /// Most colours of one product.
    pub(super) colours_max: usize,
    pub(super) season: Season,
    /// Shelves that people buy from together with this one.
    pub(super) complements: &'static [&'static str],
}

pub(super) const COLOURS: [(&str, [u8; 3]); 14] = [
    ("Moss Green", [107, 127, 63]),
    ("Ocean Blue", [38, 96, 138]),
    ("Charcoal", [70, 74, 82]),
    ("Sand", [203, 178, 133]),
    ("Terracotta", [193, 95, 64]),
    ("Mustard", [214, 165, 48]),
    ("Berry", [146, 47, 88]),
    ("Sky Blue", [122, 176, 212]),
    ("Ivory", [226, 216, 192]),
    ("Slate", [104, 120, 134]),
    ("Rust", [166, 74, 38]),
    ("Lavender", [152, 132, 190]),
    ("Forest", [45, 92, 70]),
    ("Coral", [232, 116, 97]),
];

pub(super) const STYLES: [&str; 4] = ["classic", "modern", "rustic", "playful"];

/// Invented brands with their place in the price range, 0 the cheapest to 1 the dearest, and the departments they make for.
pub(super) const BRANDS: [(&str, f64, &[&str]); 36] = [
    ("Fjellwick", 0.8, &["Outdoor", "Clothing", "Shoes"]),
    ("Nimboro", 0.5, &["Outdoor", "Sports"]),
    ("Skarvane", 0.95, &["Outdoor", "Clothing"]),
    ("Tindrell", 0.3, &["Outdoor", "Sports", "Shoes"]),
    ("Marrowby", 0.2, &["Outdoor", "Garden", "Pets"]),
    ("Brindlecote", 0.6, &["Home", "Kitchen"]),
    ("Quillhaven", 0.7, &["Home", "Stationery"]),
    ("Ostervale", 0.9, &["Home", "Kitchen", "Garden"]),
    ("Lumenora", 0.5, &["Home", "Electronics"]),
    ("Tallowmere", 0.4, &["Home", "Beauty"]),
    ("Velmarsh", 0.15, &["Home", "Kitchen", "Garden"]),
    ("Corvane", 0.85, &["Kitchen"]),
    ("Pottersund", 0.55, &["Kitchen", "Garden"]),
    ("Saltgrove", 0.35, &["Kitchen", "Beauty"]),
    ("Ravensund Press", 0.5, &["Books"]),
    ("Larkmoor House", 0.6, &["Books"]),
    ("Third Lantern", 0.4, &["Books"]),
    ("Inkwell & Rowe", 0.7, &["Books", "Stationery"]),
    ("Wobblewick", 0.4, &["Toys"]),
    ("Plumfinch", 0.65, &["Toys", "Clothing"]),
    ("Bramblekin", 0.25, &["Toys", "Pets"]),
    ("Oddlebury", 0.8, &["Toys"]),
    ("Wrenfold", 0.6, &["Clothing"]),
    ("Yarrowick", 0.35, &["Clothing", "Shoes"]),
    ("Caldorine", 0.9, &["Clothing", "Shoes"]),
    ("Stridemoor", 0.55, &["Shoes", "Sports"]),
    ("Pedalune", 0.7, &["Sports"]),
    ("Kestrelby", 0.25, &["Sports", "Clothing"]),
    ("Zephyrane", 0.85, &["Electronics"]),
    ("Voxhollow", 0.6, &["Electronics"]),
    ("Amplemoor", 0.2, &["Electronics"]),
    ("Greenmantel", 0.5, &["Garden"]),
    ("Paperswift", 0.3, &["Stationery"]),
    ("Mirelune", 0.75, &["Beauty"]),
    ("Fernbarrow", 0.45, &["Beauty", "Garden"]),
    ("Houndsmere", 0.65, &["Pets"]),
];

pub(super) const MODELS: [&str; 64] = [
    "Aurora", "Ridge", "Willow", "Harbour", "Juniper", "Summit", "Drift", "Ember", "Lumen", "Meadow", "North",
    "Orchard", "Pebble", "Quarry", "River", "Sable", "Thistle", "Umber", "Vale", "Wander", "Alder", "Birch", "Cinder",
    "Dune", "Echo", "Fable", "Grove", "Hazel", "Isle", "Jasper", "Kelp", "Linden", "Mica", "Nova", "Otter", "Pine",
    "Quill", "Rowan", "Saga", "Tarn", "Ursa", "Velvet", "Wren", "Yonder", "Zephyr", "Acorn", "Breeze", "Clover",
    "Dawn", "Elm", "Fern", "Glimmer", "Heron", "Iris", "Kite", "Lark", "Maple", "Nest", "Onyx", "Poppy", "Raven",
    "Sorrel", "Tide", "Violet",
];

pub(super) const ADJECTIVES: [[&str; 6]; 4] = [
    ["timeless", "well-made", "reliable", "traditional", "sturdy", "elegant"],
    ["sleek", "clever", "lightweight", "minimal", "precise", "versatile"],
    ["rugged", "honest", "hard-wearing", "handmade", "earthy", "solid"],
    ["cheerful", "bright", "playful", "friendly", "bold", "surprising"],
];

pub(super) const OPENINGS: [&str; 9] = [
    "The {model} is {a_adjective} {noun} made of {material}, {use}.",
    "Meet the {model}: {a_adjective} {noun} {use}.",
    "{brand} designed the {model} {use}, and it shows in every detail.",
    "{A_adjective} {noun} {use}.",
    "If you are looking for {a_noun} {use}, the {model} is hard to beat.",
    "We like the {model} because it does one thing well: it is {a_adjective} {noun} {use}.",
    "Some things simply work: {brand} made the {model} {noun} {use}.",
    "Made of {material} and built {use}, the {model} is {a_adjective} {noun} at a fair price.",
    "{brand} has thought of everything: here comes {a_adjective} {noun} {use}.",
];

pub(super) const CLOSINGS: [&str; 12] = [
    "Made of {material} that ages well and is easy to look after.",
    "It comes packed without plastic.",
    "Spare parts are available for ten years.",
    "Our customers praise how long it lasts.",
    "It looks at home almost anywhere.",
    "Made in small batches, so no two are quite alike.",
    "Easy to clean, and made to be repaired.",
    "It makes a lovely present.",
    "The {material} feels good from the first day.",
    "{brand} gives {years} years of warranty.",
    "Delivered ready to use.",
    "Designed with people who use it every day.",
];

pub(super) const FIRST_NAMES: [&str; 40] = [
    "Ada", "Amir", "Anouk", "Bela", "Carla", "Chidi", "Dana", "Emil", "Eun-ji", "Fatima", "Felix", "Greta", "Hana",
    "Igor", "Ines", "Jonas", "Kofi", "Lena", "Liam", "Luis", "Maja", "Mateo", "Mei", "Nadia", "Noor", "Olga", "Omar",
    "Paul", "Priya", "Rosa", "Ruth", "Sami", "Sofia", "Tariq", "Tess", "Umut", "Vera", "Wanda", "Yuki", "Zoe",
];

pub(super) const LAST_NAMES: [&str; 40] = [
    "Abara",
    "Almgren",
    "Bakker",
    "Banerjee",
    "Berg",
    "Castellan",
    "Dimitrov",
    "Duarte",
    "Eriksen",
    "Fontaine",
    "Garcia",
    "Halloway",
    "Hartmann",
    "Ibrahim",
    "Ivanova",
    "Jansen",
    "Kaya",
    "Keller",
    "Kim",
    "Kowalski",
    "Larsen",
    "Lindqvist",
    "Marchetti",
    "Moreau",
    "Mwangi",
    "Nakamura",
    "Novak",
    "Okafor",
    "Osei",
    "Park",
    "Petrova",
    "Quint",
    "Rahman",
    "Rossi",
    "Santos",
    "Sato",
    "Tanaka",
    "Thornbury",
    "Vidal",
    "Weiss",
];

pub(super) const CITIES: [(&str, &str); 16] = [
    ("Amsterdam", "NL"),
    ("Barcelona", "ES"),
    ("Berlin", "DE"),
    ("Boston", "US"),
    ("Chicago", "US"),
    ("Copenhagen", "DK"),
    ("Dublin", "IE"),
    ("Edinburgh", "GB"),
    ("Hamburg", "DE"),
    ("Lisbon", "PT"),
    ("London", "GB"),
    ("Lyon", "FR"),
    ("Melbourne", "AU"),
    ("Seattle", "US"),
    ("Toronto", "CA"),
    ("Vienna", "AT"),
];
