//! Units of measure and the ways they are written.

/// Spellings of one unit, folded, in the languages of the contract. The first is the shortest.
const UNITS: [&[&str]; 29] = [
    &[
        "in",
        "inch",
        "inches",
        "zoll",
        "pouce",
        "pouces",
        "pulgada",
        "pulgadas",
        "pollice",
        "pollici",
        "duim",
        "дюйм",
        "дюймов",
    ],
    &["ft", "foot", "feet"],
    &["mm", "millimeter", "millimetre", "millimeters", "millimetres", "миллиметр", "мм"],
    &["cm", "centimeter", "centimetre", "centimeters", "centimetres", "см"],
    &["m", "meter", "metre", "meters", "metres", "metro", "metri", "metros", "м"],
    &["km", "kilometer", "kilometre", "kilometers", "kilometres", "км"],
    &["mg", "milligram", "milligrams", "мг"],
    &["g", "gr", "gram", "grams", "gramm", "gramme", "grammes", "gramo", "gramos", "grammi", "г"],
    &["kg", "kilo", "kilos", "kilogram", "kilograms", "kilogramm", "кг"],
    &["oz", "ounce", "ounces"],
    &["lb", "lbs", "pound", "pounds"],
    &["ml", "milliliter", "millilitre", "milliliters", "millilitres", "мл"],
    &["cl", "centiliter", "centilitre"],
    &["l", "liter", "litre", "liters", "litres", "litro", "litros", "litri", "ltr", "л"],
    &["v", "volt", "volts", "вольт"],
    &["w", "watt", "watts", "ватт", "вт"],
    &["kw", "kilowatt", "kilowatts", "квт"],
    &["a", "amp", "amps", "ampere"],
    &["mah", "milliamp"],
    &["hz", "hertz", "гц"],
    &["mhz", "megahertz"],
    &["ghz", "gigahertz"],
    &["kb", "kilobyte", "kilobytes"],
    &["mb", "megabyte", "megabytes", "мб"],
    &["gb", "gigabyte", "gigabytes", "гб", "go"],
    &["tb", "terabyte", "terabytes", "тб", "to"],
    &["mp", "megapixel", "megapixels", "mpx"],
    &["pcs", "pc", "pieces", "piece", "stuck", "шт"],
    &["min", "minute", "minutes", "minuten", "мин"],
];

/// The other spellings of a unit; none for what is no unit.
pub(crate) fn others(unit: &str) -> Vec<&'static str> {
    let spellings = UNITS.iter().find(|spellings| spellings.contains(&unit)).copied().unwrap_or_default();
    spellings.iter().copied().filter(|other| *other != unit).collect()
}

/// A number and the unit written on to it: `64gb`.
pub(crate) fn parted(word: &str) -> Option<(&str, &str)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = word.split_at(digits);
    (!number.is_empty() && unit.chars().all(char::is_alphabetic) && !others(unit).is_empty()).then_some((number, unit))
}
