use crate::common::Common;
use crate::limits::EVENTS_READ_MAX;
use crate::rank::{Layer, Ranked, Ranking};
use crate::scope::{Stock, allowed};
use crate::{Answer, Refused, View, request, rules, signals};

/// Lists the person's recent products, the latest first (contract, "Recommendations").
///
/// Those of the last [`EVENTS_READ_MAX`] events; impressions do not count. What is out of stock by now is listed too.
/// Empty for a person of whom nothing is known.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn user_to_history(view: View<'_>, request: &request::UserToProducts) -> Result<Answer, Refused> {
    let common = Common::of_user(request)?;
    let known = signals::known_with(view, common.person, common.additional_interactions, EVENTS_READ_MAX)?;
    let allowed = allowed(view, &common, Stock::Any)?;
    let listed = known.seen.iter().filter(|row| allowed.contains(row.0));
    let ranked = |row| Ranked { row, score: 0.0, personal: 0.0, relevance: 0.0, layer: Layer::History };
    let ranking = Ranking::in_order(view, listed.map(|row| ranked(row.0)).collect());
    let page = rules::page(view, &common, &ranking)?;
    Ok(rules::answer(view, &common, &page, |_, _| {}))
}
