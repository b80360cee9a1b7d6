//! What a title names, and what it only mentions: a *laptop sleeve* is a sleeve, a *charger for phones* a charger.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::analysis::{Language, Token, tokens};
use crate::limits;

/// Words that stand between a thing and what it is for, or what comes with it.
const BINDING: &[(Language, &[&str])] = &[
    (Language::English, &["for", "with", "w", "compatible", "fits"]),
    (Language::German, &["fur", "mit", "passend"]),
    (Language::Dutch, &["voor", "met"]),
    (Language::French, &["pour", "avec"]),
    (Language::Spanish, &["para", "con"]),
    (Language::Italian, &["per", "con"]),
    (Language::Portuguese, &["para", "com"]),
    (Language::Russian, &["для", "с", "к"]),
    (Language::Ukrainian, &["для", "з", "до"]),
];

/// Things that are named by what they belong to: beside one of these, the other thing's name says which.
const BELONGINGS: &[(Language, &str)] = &[
    (
        Language::English,
        "accessory adapter adaptor arm attachment bag band base basket battery bracket brush bulb bumper cable cage cap carrier cart \
         cartridge case charger clamp clip cleaner converter cooler cord cover cradle cushion dock drawer drum enclosure extender \
         extension film filter folio foot frame glass grip guard handle hanger harness headphone headset holder holster hook hub insert \
         keyboard kit knob leash lens lid liner lock mask mat mount mouse organiser organizer pad part pen pouch protector rack refill \
         remote replacement riser rope shade shelf shell shield skin sleeve sling spare splitter stand sticker strap stylus supply tip \
         tool toner topper tray tripod trolley wallet wheel wrap",
    ),
    (
        Language::German,
        "hulle tasche schutzhulle etui ständer halter halterung ladegerät kabel netzteil adapter akku batterie folie schutzfolie filter \
         deckel abdeckung bezug gurt band armband ersatzteil zubehör schloss rolle griff koffer matte regal set",
    ),
    (
        Language::Dutch,
        "hoes tas hoesje standaard houder oplader kabel adapter accu batterij folie filter deksel band slot mat onderdeel set",
    ),
    (
        Language::French,
        "coque housse étui sac sacoche support socle chargeur câble adaptateur batterie filtre film protection couvercle sangle bracelet \
         tapis kit pièce accessoire verrou",
    ),
    (
        Language::Spanish,
        "funda carcasa estuche bolsa soporte cargador cable adaptador batería filtro película protector tapa correa alfombrilla kit \
         repuesto accesorio candado",
    ),
    (
        Language::Italian,
        "custodia cover borsa supporto caricatore caricabatterie cavo adattatore batteria filtro pellicola coperchio cinturino tappetino \
         kit ricambio accessorio lucchetto",
    ),
    (
        Language::Portuguese,
        "capa estojo bolsa suporte carregador cabo adaptador bateria filtro película tampa pulseira tapete kit acessório",
    ),
    (
        Language::Russian,
        "чехол сумка подставка держатель зарядка кабель адаптер аккумулятор пленка фильтр крышка ремешок стекло набор",
    ),
    (
        Language::Ukrainian,
        "чохол сумка підставка тримач зарядка кабель адаптер акумулятор плівка фільтр кришка ремінець скло набір",
    ),
];

/// Words that may stand between a thing and what belongs to it: *laptop privacy filter*.
const BETWEEN_MAX: usize = 2;

/// Whether the noun stands before what describes it, as in French: *housse ordinateur*.
fn is_noun_first(language: Language) -> bool {
    matches!(language, Language::French | Language::Spanish | Language::Italian | Language::Portuguese)
}

fn is_binding(token: &Token, language: Language) -> bool {
    BINDING.iter().any(|(of, words)| *of == language && words.contains(&token.unstemmed()))
}

/// The stems of the things that belong to others.
fn belongings(language: Language) -> &'static FxHashSet<String> {
    static ALL: OnceLock<Vec<(Language, FxHashSet<String>)>> = OnceLock::new();
    static NONE: OnceLock<FxHashSet<String>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let stems = |(language, words): &(Language, &str)| {
            let stems = tokens(words, &[*language], usize::MAX).into_iter().map(|token| token.text);
            (*language, stems.collect())
        };
        BELONGINGS.iter().map(stems).collect()
    });
    all.iter().find(|(of, _)| *of == language).map_or_else(|| NONE.get_or_init(FxHashSet::default), |(_, stems)| stems)
}

fn has_digit(token: &Token) -> bool {
    token.text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The place of the word that says what is meant: the last of *gaming mouse*, the first of *souris sans fil*, *shoes* in *shoes for men*.
/// `None` where nothing says it: no word, digits only, or a thing that belongs to another one in a place that does not say which.
pub(crate) fn head(words: &[&Token], language: Language) -> Option<usize> {
    let end = words.iter().skip(1).position(|word| is_binding(word, language)).map_or(words.len(), |at| at + 1);
    let mut named = (0..end).filter(|at| !has_digit(words[*at]) && !words[*at].tight);
    let at = if is_noun_first(language) { named.next() } else { named.next_back() }?;
    let belongings = belongings(language);
    let others = words[..end].iter().enumerate().any(|(other, word)| other != at && belongings.contains(&word.text));
    (!others || belongings.contains(&words[at].text)).then_some(at)
}

/// The kinds that a category names, as stems: *Laptop Bags & Cases* names a bag and a case, and is called so.
pub(crate) fn kinds(category: &str, language: Language) -> Vec<String> {
    let mut kinds = Vec::new();
    for part in category.split(['&', ',', '/', '(', '+', '|']).flat_map(|part| part.split(" and ")) {
        let all = tokens(part, &[language], limits::KIND_WORDS_MAX);
        let words: Vec<&Token> = all.iter().filter(|word| !word.joined).collect();
        let Some(at) = head(&words, language).or_else(|| words.len().checked_sub(1)) else { continue };
        kinds.push(words[at].text.clone());
        if words.len() > 1 {
            kinds.push(phrase(&words));
        }
    }
    kinds
}

/// The stems with single spaces.
pub(crate) fn phrase(words: &[&Token]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The stems of a title that are only mentioned in it: what something else in it belongs to, is for, or comes with. `kinds` are those of
/// the product's categories. Each once, in their order.
pub(crate) fn mentioned(title: &[Token], kinds: &[String], language: Language) -> Vec<String> {
    let words: Vec<&Token> = title.iter().filter(|word| !word.joined).collect();
    let belongings = belongings(language);
    let belongs = |word: &Token| belongings.contains(&word.text) || kinds.contains(&word.text);
    let mut bound = false;
    let (mut mentioned, mut named) = (Vec::new(), FxHashSet::default());
    for (at, word) in words.iter().enumerate() {
        if at > 0 && is_binding(word, language) {
            bound = true;
            continue;
        }
        let mut near: Box<dyn Iterator<Item = &&Token>> =
            if is_noun_first(language) { Box::new(words[..at].iter().rev()) } else { Box::new(words[at + 1..].iter()) };
        let near = near.by_ref().take(BETWEEN_MAX + 1);
        let beside =
            near.take_while(|other| !has_digit(other) && !is_binding(other, language)).any(|other| belongs(other));
        if bound || beside && !kinds.contains(&word.text) {
            mentioned.push(word.text.clone());
        } else {
            named.insert(word.text.as_str());
        }
    }
    mentioned.retain(|word| !named.contains(word.as_str()));
    mentioned.sort_unstable();
    mentioned.dedup();
    mentioned
}

#[cfg(test)]
mod tests {
    //! Properties: what belongs to another thing is named, the other thing mentioned; a category is proof; the languages have their order.

    use super::*;

    fn mentions(title: &str, category: &str, language: Language) -> Vec<String> {
        mentioned(&tokens(title, &[language], usize::MAX), &kinds(category, language), language)
    }

    fn head_of(query: &str, language: Language) -> Option<String> {
        let all = tokens(query, &[language], usize::MAX);
        let words: Vec<&Token> = all.iter().filter(|word| !word.joined).collect();
        head(&words, language).map(|at| words[at].text.clone())
    }

    #[test]
    fn what_belongs_to_another_thing_only_mentions_it() {
        let english = |title| mentions(title, "", Language::English);
        assert!(english("Acme Laptop Sleeve").contains(&"laptop".to_owned()));
        assert!(english("Acme Laptop privacy filter").contains(&"laptop".to_owned()));
        assert!(english("Headset for phones with remote").contains(&"phone".to_owned()));
        assert!(!english("Headset for phones").contains(&"headset".to_owned()));
        assert!(!english("Acme Laptop 15 inch, sleeve").contains(&"laptop".to_owned()));
        assert!(!english("Acme Laptop Silver").contains(&"laptop".to_owned()));
        assert!(english("Laptop Desk").is_empty());
        assert_eq!(mentions("Laptop Desk", "Furniture & Desks", Language::English), ["laptop"]);
        assert_eq!(mentions("Housse ordinateur", "", Language::French), ["ordinateur"]);
        assert_eq!(mentions("Hülle für Handys", "", Language::German), ["handy"]);
    }

    #[test]
    fn categories_name_kinds() {
        assert_eq!(kinds("Laptop Bags & Cases", Language::English), ["bag", "laptop bag", "case"]);
        assert_eq!(kinds("Notebook", Language::English), ["notebook"]);
        assert_eq!(
            kinds("Ordinateurs portables", Language::French)[0],
            tokens("ordinateur", &[Language::French], 1)[0].text
        );
        assert!(kinds("", Language::English).is_empty());
    }

    #[test]
    fn a_query_says_what_is_meant_by_one_word() {
        let english = |query| head_of(query, Language::English);
        assert_eq!(english("gaming mouse").as_deref(), Some("mouse"));
        assert_eq!(english("shoes for men").as_deref(), Some("shoe"));
        assert_eq!(english("iphone 8").as_deref(), Some("iphone"));
        assert_eq!(english("laptop case").as_deref(), Some("case"));
        // Who names a case first means a case, whatever comes last.
        assert_eq!(english("case iphone"), None);
        assert_eq!(english("4711"), None);
        assert_eq!(head_of("souris sans fil", Language::French).as_deref(), Some("souri"));
    }
}
