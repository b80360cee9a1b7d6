//! Distances on the globe.

use query::{End, Filter, Test};
use roaring::RoaringBitmap;
use serde_json::Value;
use state::ProductRow;

use crate::request::{Centre, DistanceUnit, Nearby};
use crate::{Refused, View, document, scope};

/// The mean radius of the earth (IUGG), in kilometres.
const EARTH_RADIUS_KM: f64 = 6_371.008_8;
const KM_PER_MILE: f64 = 1.609_344;

/// Those of `among` with at least one place in the circle: a box on the columns first, then the exact distance.
///
/// # Errors
/// [`Refused`] for a centre off the globe or a negative distance, named under `parameter`.
pub(crate) fn within(
    view: View<'_>,
    nearby: &Nearby,
    among: &RoaringBitmap,
    parameter: &str,
) -> Result<RoaringBitmap, Refused> {
    let centre = Centre { lat: nearby.lat, lon: nearby.lon };
    checked(centre, parameter)?;
    if !(nearby.distance >= 0.0 && nearby.distance.is_finite()) {
        return Err(Refused::invalid(&format!("{parameter}.distance"), "It must be at least 0.".to_owned()));
    }
    let distance_km = match nearby.distance_unit.unwrap_or(DistanceUnit::Mile) {
        DistanceUnit::Km => nearby.distance,
        DistanceUnit::Mile => nearby.distance * KM_PER_MILE,
    };
    let field = nearby.field.as_deref().unwrap_or("location");
    // A degree of latitude is as long everywhere; a little is added so that rounding loses nothing. Longitudes are left
    // to the exact test, so that neither the date line nor the poles need care.
    let degrees = (distance_km / EARTH_RADIUS_KM).to_degrees() + 1e-6;
    let band = Filter::Field {
        name: format!("{field}.lat"),
        test: Test::Range {
            low: End::Included(format!("{}", centre.lat - degrees)),
            high: End::Included(format!("{}", centre.lat + degrees)),
        },
    };
    let candidates = scope::select(view, &band)? & among;
    Ok(candidates
        .iter()
        .filter(|&row| distance_to(view, ProductRow(row), field, centre).is_some_and(|km| km <= distance_km))
        .collect())
}

/// Refuses a centre that is not on the globe.
pub(crate) fn checked(centre: Centre, parameter: &str) -> Result<(), Refused> {
    if !(-90.0..=90.0).contains(&centre.lat) {
        return Err(Refused::invalid(&format!("{parameter}.lat"), "It must be from -90 to 90 degrees.".to_owned()));
    }
    if !(-180.0..=180.0).contains(&centre.lon) {
        return Err(Refused::invalid(&format!("{parameter}.lon"), "It must be from -180 to 180 degrees.".to_owned()));
    }
    Ok(())
}

/// The distance in kilometres from `centre` to the nearest place of the product; `None` for a product without a place.
pub(crate) fn distance_to(view: View<'_>, row: ProductRow, field: &str, centre: Centre) -> Option<f64> {
    let body = document::read(view, row)?;
    let places = document::values(&body, field);
    places
        .into_iter()
        .filter_map(|place| {
            let degrees = |name: &str| place.get(name).and_then(Value::as_f64);
            Some(distance_km(centre, Centre { lat: degrees("lat")?, lon: degrees("lon")? }))
        })
        .min_by(f64::total_cmp)
}

/// The great-circle distance by the haversine formula.
pub(crate) fn distance_km(a: Centre, b: Centre) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let chord = half(b.lat - a.lat) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half(b.lon - a.lon);
    2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin()
}
