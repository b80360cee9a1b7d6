use std::path::Path;

use record::InteractionType;

use super::read::{HistoryFault, Table};
use super::{Gathering, History, VisitorId, within};

/// The ratings; the genres are categories.
pub(super) fn read(folder: &Path) -> Result<History, HistoryFault> {
    let mut gathering = Gathering::default();
    let mut movies = Table::open(&within(folder, "movies.csv"), b',')?;
    let (id, title, genres) = (movies.column(&["movieId"])?, movies.column(&["title"])?, movies.column(&["genres"])?);
    while movies.next()? {
        let product = gathering.product(movies.text(id));
        let genres = movies.text(genres).split('|').filter(|genre| !genre.starts_with('(') && !genre.is_empty());
        let record = gathering.record(product);
        record.title = Some(movies.text(title).to_owned());
        record.categories = Some(genres.map(|genre| vec![genre.to_owned()]).collect());
    }
    let mut ratings = Table::open(&within(folder, "ratings.csv"), b',')?;
    let columns = ["userId", "movieId", "rating", "timestamp"];
    let [user, movie, rating, time] = columns.map(|name| ratings.column(&[name]));
    let (user, movie, rating, time) = (user?, movie?, rating?, time?);
    while ratings.next()? {
        let product = gathering.product(ratings.text(movie));
        let visitor = VisitorId::User(ratings.text(user).to_owned());
        let stars = ratings.number(rating)? as f32;
        gathering.event(visitor, product, ratings.time_ms(time)?, InteractionType::Rate, stars);
    }
    Ok(gathering.finish())
}
