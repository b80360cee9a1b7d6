use crate::common::Common;
use crate::explanation::Explainer;
use crate::rank::{Ranking, Standing};
use crate::scope::{Stock, allowed, bitmap};
use crate::{Answer, Refused, View, request, rules, signals};

/// Finds what this person is likeliest to convert on (contract, "Recommendations").
///
/// Leaves out what is out of stock and the person's last [`crate::limits::SEEN_PRODUCTS_MAX`] products with
/// interactions; older ones come after everything that is new to the person, first those that were wanted. Full whenever enough other products pass the
/// filters: see the layers in `rank.rs`.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn user_to_products(view: View<'_>, request: &request::UserToProducts) -> Result<Answer, Refused> {
    let common = Common::of_user(request)?;
    let known = signals::known(view, &common)?;
    let allowed = allowed(view, &common, Stock::Available)? - bitmap(&known.seen);
    let is_new = &allowed - &known.met;
    let explainer = Explainer::new(view, &common, &known, &is_new);
    let own = allowed - &is_new;
    let wanted = &own & known.wanted();
    let ranking = Ranking::for_visitor(view, &known, is_new).then(wanted.clone()).then(own - wanted);
    let standing = Standing::new(view);
    let page = rules::page(view, &common, &ranking)?;
    Ok(rules::answer(view, &common, &page, |placed, product| {
        rules::with_personalization_score(placed, product);
        explainer.add(placed, |ranked| standing.makeup_for_visitor(&known, ranked), product);
    }))
}
