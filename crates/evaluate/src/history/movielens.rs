use std::path::Path;

use recommend::Observation;

use super::read::{HistoryFault, Table};
use super::{Gathering, History, within};

const LIKED_MIN: f64 = 3.5;
const DISLIKED_MAX: f64 = 2.0;

/// The ratings, with the genres and the words of the titles as features.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    let mut movies = Table::open(&within(folder, "movies.csv"), b',')?;
    let (id, title, genres) = (movies.column(&["movieId"])?, movies.column(&["title"])?, movies.column(&["genres"])?);
    while movies.next()? {
        let product = gathering.product(movies.text(id));
        for genre in movies.text(genres).split('|') {
            gathering.describe(product, "genre", genre);
        }
        for word in movies.text(title).split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 2) {
            gathering.describe(product, "title", &word.to_lowercase());
        }
    }
    let mut ratings = Table::open(&within(folder, "ratings.csv"), b',')?;
    let columns = ["userId", "movieId", "rating", "timestamp"];
    let [user, movie, rating, time] = columns.map(|name| ratings.column(&[name]));
    let (user, movie, rating, time) = (user?, movie?, rating?, time?);
    while ratings.next()? {
        let product = gathering.product(ratings.text(movie));
        let value = ratings.number(rating)?;
        let observation =
            Observation { product, time_ms: ratings.time_ms(time)?, weight: rating_weight(value), converted: false };
        let visitor = ratings.text(user).to_owned();
        gathering.event(&visitor, observation, value >= LIKED_MIN);
    }
    Ok(gathering.finish())
}

/// What a rating on the scale to 5 weighs, as the engine weighs it.
pub(super) fn rating_weight(value: f64) -> f32 {
    if value >= LIKED_MIN {
        2.0 + (value - LIKED_MIN).min(1.5) as f32
    } else if value <= DISLIKED_MAX {
        -2.0
    } else {
        0.0
    }
}
