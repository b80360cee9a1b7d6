//! Every bound on the live view.

/// Events held per visitor; over it the oldest impressions go first, then the oldest events. The store keeps them all.
pub const EVENTS_PER_VISITOR_MAX: usize = 4_096;
/// Events left when a history was cut: an eighth below the bound, so that a visitor at the bound (a robot, as a rule)
/// does not cost a cut with every event.
pub const EVENTS_PER_VISITOR_AFTER_CUT: usize = EVENTS_PER_VISITOR_MAX / 8 * 7;
/// Products of one impression that are held; a page shows fewer.
pub const IMPRESSION_PRODUCTS_MAX: usize = 64;
/// Answers remembered.
pub const ANSWERS_MAX: usize = 200_000;
/// Days for which an answer is remembered (contract: 30).
pub const ANSWER_DAYS_MAX: i64 = 30;
/// Bytes of a product's text value that its column holds whole; a longer one is known by its hash and its beginning,
/// and the rest is read from the record.
pub const VALUE_BYTES_MAX: usize = 64;
/// Bytes of the beginning of such a longer value.
pub const VALUE_HEAD_BYTES_MAX: usize = 24;
/// Levels of a category hierarchy that are indexed by path; deeper ones are read from the record.
pub const CATEGORY_LEVELS_MAX: usize = 32;
/// Different queries held; over it those of the fewest people go first.
pub const QUERIES_MAX: usize = 200_000;
/// Queries left after that, so that a cut is seldom.
pub const QUERIES_AFTER_CUT: usize = QUERIES_MAX / 8 * 7;
/// Bytes of a query; longer ones are pasted and help nobody else.
pub const QUERY_BYTES_MAX: usize = 128;
/// People noted for one query; more say nothing more.
pub const QUERY_PEOPLE_MAX: usize = 64;
/// Bytes of each text that is remembered of an answer: its place on the site, its query, ….
pub const GIVEN_TEXT_BYTES_MAX: usize = 128;
/// Products remembered of one answer; few pages are longer.
pub const SHOWN_PRODUCTS_MAX: usize = 200;
/// Acts noted of one answer: which person clicked, saw … which product.
pub const MARKS_MAX: usize = 1_024;
/// Sources (API, engine, version, place of the site) that reports tell apart.
pub const SOURCES_MAX: usize = 4_096;
/// Places of an answer that are counted apart; those further down are one.
pub const PLACES_MAX: usize = 20;
/// Tallies held (an hour or day, a source and a place each); over it the oldest lose their places, then go.
pub const TALLIES_MAX: usize = 200_000;
/// Tallies left after that.
pub const TALLIES_AFTER_CUT: usize = TALLIES_MAX / 8 * 7;
/// Hours before the latest answer that are told apart; before that, days are.
pub const TALLY_HOURS_APART: i32 = 72;
/// Hours or days of which all purchases are counted.
pub const PURCHASE_HOURS_MAX: usize = 30_000;
/// Products clicked that are remembered of a person.
pub const CLICKED_PER_VISITOR_MAX: usize = 32;
/// People whose clicks are remembered; over it those who clicked longest ago are forgotten.
pub const CLICKED_VISITORS_MAX: usize = 200_000;
/// People left after that.
pub const CLICKED_VISITORS_AFTER_CUT: usize = CLICKED_VISITORS_MAX / 8 * 7;
/// Days for which a click in an answer counts for a purchase.
pub const ATTRIBUTION_DAYS_MAX: i64 = 7;
/// Clicks of which the place is remembered for the training, the latest.
pub const PLACED_CLICKS_MAX: usize = 500_000;
/// Pairs of a product and a place whose showings are counted, for searches and for recommendations each.
pub const EXAMINED_PAIRS_MAX: usize = 200_000;
/// Pairs from which the curve of looks is made, those shown oftenest.
pub const ESTIMATED_PAIRS_MAX: usize = 20_000;
/// Queries of which the clicks are held; over it those clicked after longest ago are forgotten.
pub const CLICKED_QUERIES_MAX: usize = 50_000;
/// Queries left after that.
pub const CLICKED_QUERIES_AFTER_CUT: usize = CLICKED_QUERIES_MAX / 8 * 7;
/// Products held of one query, those clicked most.
pub const CLICKED_PRODUCTS_MAX: usize = 64;
/// People named at one product of one query, the newest; the others are a sum.
pub const CLICK_PEOPLE_MAX: usize = 64;
/// Acts of people held over all queries.
pub const CLICKS_MAX: usize = 1_000_000;
/// People whose last search is remembered.
pub const SEARCHERS_MAX: usize = 100_000;
/// People left when there are more.
pub const SEARCHERS_AFTER_CUT: usize = SEARCHERS_MAX / 8 * 7;
/// Segments (a name with a value, of the context or of profiles) of which it is known what is wanted in them.
pub const SEGMENTS_MAX: usize = 4_000;
/// Segments left when there are more, those in which most is wanted.
pub const SEGMENTS_AFTER_CUT: usize = SEGMENTS_MAX / 8 * 7;
/// Products of one segment, those wanted most.
pub const SEGMENT_PRODUCTS_MAX: usize = 1_000;
/// Products left when there are more.
pub const SEGMENT_PRODUCTS_AFTER_CUT: usize = SEGMENT_PRODUCTS_MAX / 8 * 7;
/// People noted of one segment: while there are fewer, it goes with the last of them.
pub const SEGMENT_PEOPLE_MAX: usize = 8;
/// Segments to which one profile, or the context of one interaction, belongs.
pub const SEGMENTS_OF_ONE_MAX: usize = 16;
/// Bytes of the name and of the value of a segment; longer ones tell no group apart.
pub const SEGMENT_TEXT_BYTES_MAX: usize = 64;
/// People of whom the latest context is remembered.
pub const CONTEXT_VISITORS_MAX: usize = 200_000;
/// People left when there are more.
pub const CONTEXT_VISITORS_AFTER_CUT: usize = CONTEXT_VISITORS_MAX / 8 * 7;
/// Fields of which the texts are also held by row, for facets: four bytes a row each.
pub const FACET_COLUMNS_MAX: usize = 64;
/// Events of one day that are looked through for what a person did with a product before, so that each person moves its popularity
/// once a day.
pub const EVENTS_OF_DAY_MAX: usize = 256;
