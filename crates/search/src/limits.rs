//! Every bound on the text engine, with its reason.

/// Words of a query that are used; the rest is left out.
pub const QUERY_WORDS_MAX: usize = 64;
/// Bytes of one field's text that are indexed.
pub const FIELD_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of one word that count, in the index and in the query; what lies beyond is cut off on both sides, so that it still finds.
pub const WORD_BYTES_MAX: usize = 128;
/// Parts of a compound (`dv7-1211ea` has two) that are also found written as one word.
pub const COMPOUND_PARTS_MAX: usize = 6;
/// Memory that the writer fills before it writes a segment. Twice this is what the writer needs at most.
pub const WRITER_HEAP_BYTES: usize = 96 * 1024 * 1024;
/// Characters of a value that can be completed to; nobody completes to a paragraph.
pub const COMPLETION_CHARS_MAX: usize = 256;
/// Attributes that can be completed; those that appear later are left out.
pub const COMPLETION_FIELDS_MAX: usize = 512;
/// Words of what was typed that are used by completion.
pub const COMPLETION_WORDS_MAX: usize = 16;
/// Characters of a query's word up to which it is tried written in two.
pub const SPLIT_CHARS_MAX: usize = 24;
/// Ways of writing a word in two that are looked for, the commonest parts first.
pub const SPLITS_MAX: usize = 2;
/// Hits, the best by words alone, whose titles are looked at for neighbours and the like.
pub const TITLES_READ_MAX: usize = 1_000;
/// Words of one query whose spelling is looked at; more of them are another language, or no words.
pub const SPELLING_WORDS_MAX: usize = 6;
/// Words that are weighed for one in question.
pub const SPELLING_CANDIDATES_MAX: usize = 12;
/// Readings of a query that are followed from one word to the next.
pub const SPELLING_PATHS_MAX: usize = 12;
/// Slips that completion forgives in all that was typed (contract: up to 4 on long input).
pub const COMPLETION_SLIPS_MAX: usize = 4;
/// Characters of a typed word in which completion looks for slips.
pub const COMPLETION_WORD_CHARS_MAX: usize = 32;
/// Words of a field that one typed word is compared with.
pub const COMPLETION_WORDS_COMPARED_MAX: usize = 20_000;
/// Readings with a space more or less that are followed.
pub const COMPLETION_SPACINGS_MAX: usize = 4;
/// Characters typed in all from which on slips are looked for.
pub const COMPLETION_SLIPS_CHARS_MIN: usize = 4;
/// Synonym rules of one environment.
pub const SYNONYM_RULES_MAX: usize = 10_000;
/// Words or phrases on one side of a rule.
pub const SYNONYM_PHRASES_MAX: usize = 100;
/// Characters of a word or phrase of a rule.
pub const SYNONYM_CHARS_MAX: usize = 128;
/// Words of a phrase of a rule.
pub const SYNONYM_WORDS_MAX: usize = 8;
/// Meanings of one stretch of a query that are looked for, in the order of the rules.
pub const SYNONYM_MEANINGS_MAX: usize = 16;
/// Stop words of one language.
pub const STOP_WORDS_MAX: usize = 2_000;
/// Languages in which the words of one query are looked for, those with the most products first.
pub const QUERY_LANGUAGES_MAX: usize = 5;
/// Words that a query's word ends, as `schuhe` ends `kinderschuhe`, that are looked for, those of the most products first.
pub const COMPOUNDS_MAX: usize = 32;
/// Words of the dictionary that are looked at for these.
pub const COMPOUNDS_COMPARED_MAX: usize = 2_000;
/// Languages of one product beside its own.
pub const TRANSLATIONS_MAX: usize = 32;
/// Bytes of a product's texts by which its language is told.
pub const LANGUAGE_BYTES_MAX: usize = 8 * 1024;
/// Languages whose rows are kept between two updates.
pub const LANGUAGES_KEPT_MAX: usize = 64;
/// Word pieces of a text that count for its meaning: a title says at its beginning what the product is.
pub const MEANT_PIECES_MAX: usize = 32;
/// Bytes for each of these pieces that are looked at.
pub const MEANT_PIECE_BYTES: usize = 16;
/// Categories that count for the meaning of a product.
pub const MEANT_CATEGORIES_MAX: usize = 4;
/// Hits, the best by words alone, whose meaning is compared with that of the query.
pub const MEANT_HITS_MAX: usize = 1_000;
/// Products that a search finds by meaning alone.
pub const MEANT_ALONE_MAX: usize = 1_000;
/// Fields whose importance an environment sets.
pub const SEARCHED_FIELDS_MAX: usize = 500;
/// Bytes of the name of such a field.
pub const FIELD_NAME_BYTES_MAX: usize = 256;
/// Hits of a search that are put in order, the best; nobody pages through more.
pub const HITS_ORDERED_MAX: usize = 2_000;
/// Words of a value that count for what it goes on with.
pub const COMPLETION_WORDS_KEPT_MAX: usize = 48;
/// Values that are weighed for one completion; of more a part that is spread evenly.
pub const COMPLETION_VALUES_SCORED_MAX: usize = 16_000;
/// Words that a beginning of one or two letters may go on to, where it begins very many: the commonest.
pub const COMPLETION_WAYS_MAX: usize = 24;
/// Values of a product among which its brand and categories are looked for.
pub const COMPLETION_NAMING_VALUES_MAX: usize = 16;
/// Characters typed in all from which on brands and categories stand in for words that a value lacks.
pub const COMPLETION_NAME_CHARS_MIN: usize = 3;
/// Values from which it is told what was meant by what was typed with slips.
pub const COMPLETION_MEANINGS_READ_MAX: usize = 64;
/// Categories of a product whose names say of what kind it is.
pub const KINDS_MAX: usize = 16;
/// Words of a category's name that are looked at for that.
pub const KIND_WORDS_MAX: usize = 8;
/// Products that are looked at for two words of several meanings that one of them has both.
pub const ATTESTED_MAX: usize = 2_000;
/// Queries whose meaning by the encoder is kept at most, of the last ones asked.
pub const MEANT_QUERIES_KEPT: usize = 256;
/// Posting lists of words that were looked up and are kept until the next commit, some 60 bytes each; a word that nobody wrote counts as one.
pub const POSTING_LISTS_KEPT_MAX: usize = 400_000;
/// Hits of a search that have a score, the best by words alone, where nothing asks for more; the others are found without one.
pub const HITS_SCORED_MAX: usize = 5_000;
/// Completions that are kept for whoever types the same, some 300 bytes each.
pub const COMPLETIONS_KEPT_MAX: usize = 40_000;
/// For how long.
pub const COMPLETIONS_KEPT_MS: i64 = 10_000;
