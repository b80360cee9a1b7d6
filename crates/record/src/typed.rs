//! The typed path: bounds and formats of records that were already read into their types.
//!
//! A record is valid here if and only if [`crate::validate`] finds nothing wrong with its JSON, but this costs
//! a fraction of the time. Texts are judged by the same [`Text`] rules, custom attributes and contexts by the same walk.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    Interaction, InteractionType, Location, OwnField, Place, Product, RecordKind, Refusals, User, limits,
    schema::{CONTEXT, TRANSLATION},
    text::Text,
    validate::{self, Path, drop_nulls},
};

/// What the upload of a kind of record needs to know of its type.
pub(crate) trait Record: DeserializeOwned {
    const KIND: RecordKind;

    /// Whether all values are within the bounds and formats of the contract.
    fn is_valid(&self) -> bool;

    /// Removes what means absent: nulls within maps, ids that name nobody.
    fn settle(&mut self);
}

impl Record for Product {
    const KIND: RecordKind = RecordKind::Product;

    fn is_valid(&self) -> bool {
        let lists = [
            &self.related_ids,
            &self.tags,
            &self.authors,
            &self.publishers,
            &self.collections,
            &self.headers,
            &self.paragraphs,
            &self.anchors,
        ];
        Text::ProductId.accepts(&self.product_id)
            && Text::AtLeast(limits::LANGUAGE_CHARS_MIN).accepts_optional(&self.language)
            && [&self.created_at, &self.published_at, &self.updated_at]
                .into_iter()
                .all(|date| Text::DateOrTime.accepts_optional(date))
            && [&self.url, &self.cover_image].into_iter().all(|uri| Text::Uri.accepts_optional(uri))
            && lists.into_iter().flatten().all(|list| is_short(list))
            && self.categories.as_ref().is_none_or(|paths| is_short(paths) && paths.iter().all(|path| is_short(path)))
            && match &self.location {
                None => true,
                Some(Location::One(place)) => is_on_the_globe(place),
                Some(Location::Many(places)) => is_short(places) && places.iter().all(is_on_the_globe),
            }
            && self.children.as_ref().is_none_or(|children| {
                is_short(children)
                    && children.iter().all(|child| {
                        child.headers.as_ref().is_none_or(|headers| is_short(headers))
                            && are_attributes(&child.custom_attributes)
                    })
            })
            && are_attributes(&self.custom_attributes)
            && self.i18n.0.values().all(is_translation)
    }

    fn settle(&mut self) {
        self.custom_attributes.iter_mut().for_each(drop_nulls);
        self.i18n.0.values_mut().for_each(drop_nulls);
        for child in self.children.iter_mut().flatten() {
            child.custom_attributes.iter_mut().for_each(drop_nulls);
            drop_nulls(&mut child.more);
        }
    }
}

impl Record for User {
    const KIND: RecordKind = RecordKind::User;

    fn is_valid(&self) -> bool {
        Text::UserId.accepts(&self.user_id)
            && Text::DateOrTime.accepts_optional(&self.created_at)
            && Text::DateOrTime.accepts_optional(&self.updated_at)
            && Text::Uri.accepts_optional(&self.profile_image)
            && are_attributes(&self.custom_attributes)
    }

    fn settle(&mut self) {
        self.custom_attributes.iter_mut().for_each(drop_nulls);
    }
}

impl Record for Interaction {
    const KIND: RecordKind = RecordKind::Interaction;

    fn is_valid(&self) -> bool {
        let product_id = Text::UpTo(limits::PRODUCT_ID_CHARS_MAX);
        has_only_fields_of_its_type(self)
            && (self.kind != InteractionType::Custom || self.custom_action_name.is_some())
            && Text::UpTo(limits::USER_ID_CHARS_MAX).accepts_optional(&self.user_id)
            && Text::UpTo(limits::ANONYMOUS_ID_CHARS_MAX).accepts_optional(&self.anonymous_id)
            && Text::UpTo(limits::QUESTION_ID_CHARS_MAX).accepts_optional(&self.question_id)
            && [&self.product_ids, &self.product_group_ids]
                .into_iter()
                .all(|ids| is_short(ids) && ids.iter().all(|id| product_id.accepts(id)))
            && self.timestamp.is_none_or(|time| time.fits_an_interaction())
            && is_short(&self.quantities)
            && is_short(&self.category)
            && self
                .search
                .as_ref()
                .and_then(|search| search.filters.as_ref())
                .is_none_or(|filters| filters.values().all(|values| is_short(values)))
            && self.context.as_ref().is_none_or(is_context)
    }

    fn settle(&mut self) {
        for id in [&mut self.user_id, &mut self.anonymous_id] {
            if id.as_ref().is_some_and(String::is_empty) {
                *id = None;
            }
        }
        self.context.iter_mut().for_each(drop_nulls);
    }
}

fn has_only_fields_of_its_type(interaction: &Interaction) -> bool {
    let Interaction { kind, .. } = interaction;
    let allowed = |is_present: bool, field: OwnField| !is_present || kind.has(field);
    allowed(!interaction.product_ids.is_empty(), OwnField::ProductIds)
        && allowed(!interaction.product_group_ids.is_empty(), OwnField::ProductGroupIds)
        && allowed(interaction.duration.is_some(), OwnField::Duration)
        && allowed(!interaction.quantities.is_empty(), OwnField::Quantities)
        && allowed(interaction.revenue.is_some(), OwnField::Revenue)
        && allowed(interaction.rating.is_some(), OwnField::Rating)
        && allowed(interaction.search.is_some(), OwnField::Search)
        && allowed(!interaction.category.is_empty(), OwnField::Category)
        && allowed(interaction.custom_action_name.is_some(), OwnField::CustomActionName)
        && allowed(interaction.question_id.is_some(), OwnField::QuestionId)
        && allowed(interaction.result_type.is_some(), OwnField::ResultType)
        && allowed(interaction.value.is_some(), OwnField::Value)
}

fn is_short<T>(list: &[T]) -> bool {
    list.len() <= limits::LIST_ITEMS_MAX
}

fn is_on_the_globe(place: &Place) -> bool {
    (-90.0..=90.0).contains(&place.lat) && (-180.0..=180.0).contains(&place.lon)
}

fn are_attributes(attributes: &Option<Map<String, Value>>) -> bool {
    attributes.as_ref().is_none_or(|attributes| {
        let mut refusals = Refusals::default();
        validate::attributes(attributes, 1, &Path::Start(""), &mut refusals);
        refusals.is_empty()
    })
}

fn is_translation(fields: &Map<String, Value>) -> bool {
    let mut refusals = Refusals::default();
    validate::object(&TRANSLATION, fields, None, &Path::Start(""), &mut refusals);
    refusals.is_empty()
}

fn is_context(context: &Map<String, Value>) -> bool {
    let mut refusals = Refusals::default();
    validate::object(&CONTEXT, context, None, &Path::Start(""), &mut refusals);
    refusals.is_empty()
}
