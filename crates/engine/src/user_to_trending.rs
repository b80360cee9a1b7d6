use crate::common::Common;
use crate::explanation::{Explainer, Makeup};
use crate::limits::RISING_DEPTH_MAX;
use crate::rank::{Layer, Ranked, Ranking, Standing, personal_scores, popular_among};
use crate::scope::{Stock, allowed};
use crate::{Answer, Refused, View, request, rules, signals};

/// What the person's taste adds to a rise, which is below 1.
const PERSONAL_SHARE: f32 = 0.3;

/// Finds what is rising now and of interest to the person (contract, "Recommendations").
///
/// Where fewer rise than were asked for, popular products follow. What the person has seen may be among them.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn user_to_trending(view: View<'_>, request: &request::UserToProducts) -> Result<Answer, Refused> {
    let common = Common::of_user(request)?;
    let known = signals::known(view, &common)?;
    let allowed = allowed(view, &common, Stock::Available)?;
    let personal = personal_scores(view, &known);
    let most = personal.values().copied().fold(f32::MIN_POSITIVE, f32::max);
    let standing = Standing::new(view);
    let mut scored = Vec::new();
    for row in popular_among(view, &allowed).take(RISING_DEPTH_MAX) {
        let rise = standing.rise(row);
        if rise > 0.0 {
            let personal = personal.get(&row).copied().unwrap_or(0.0);
            let score = rise + PERSONAL_SHARE * personal / most;
            scored.push(Ranked { row, score, personal, relevance: 0.0, layer: Layer::Rising });
        }
    }
    let ranking = Ranking::filled(view, scored, vec![allowed]);
    let page = rules::page(view, &common, &ranking)?;
    let explainer = Explainer::new(view, &common, &known, view.state.catalogue().offered());
    let makeup = |ranked: &Ranked| match ranked.layer {
        Layer::Rising => Makeup {
            rise: standing.rise(ranked.row),
            personal: PERSONAL_SHARE * ranked.personal / most,
            ..Makeup::default()
        },
        _ => Makeup::default(),
    };
    Ok(rules::answer(view, &common, &page, |placed, product| {
        rules::with_personalization_score(placed, product);
        explainer.add(placed, makeup, product);
    }))
}
