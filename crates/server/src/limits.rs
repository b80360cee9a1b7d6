//! Every bound on the process, and its rhythms.

use std::time::Duration;

/// Batches waiting for the writer of an environment; over it an upload waits for its turn.
pub const WRITE_QUEUE_MAX: usize = 256;
/// Interactions of one group commit.
pub const GROUP_CHANGES_MAX: usize = 40_000;
/// Requests in one `/v1/bulk` (contract: 100).
pub const BULK_REQUESTS_MAX: usize = 100;
/// Ids in one `_delete`, or in one erasure.
pub const DELETE_IDS_MAX: usize = 100_000;
/// Uploads with `async=1` that are not written yet; over it an upload waits for its turn before it is answered.
pub const QUEUED_UPLOADS_MAX: usize = 32;
/// Bodies up to this size are read where they arrive; larger ones go to a thread that may take its time.
pub const INLINE_BODY_BYTES_MAX: usize = 16 * 1024;
/// Milliseconds that a client's clock may run ahead; what is dated later happened when it arrived.
pub const CLOCK_SKEW_MS_MAX: i64 = 5 * 60_000;
/// Seconds without a byte of a body after which the request is given up.
pub const BODY_IDLE_S: u64 = 30;
/// Seconds without a byte of a body that is thrown away, after which the answer is given nevertheless.
pub const DISCARD_IDLE_S: u64 = 2;
/// Characters of an `X-Request-Id` that is taken over from the caller; a longer one is replaced.
pub const REQUEST_ID_CHARS_MAX: usize = 128;
/// Characters of an engine's id.
pub const ENGINE_ID_CHARS_MAX: usize = 64;
/// Engines of one environment.
pub const ENGINES_MAX: usize = 100;
/// Characters of an engine's `weight_by` and `schedule`.
pub const ENGINE_TEXT_CHARS_MAX: usize = 512;

/// Experiments of one environment.
pub const EXPERIMENTS_MAX: usize = 1_000;
/// Variants of one experiment.
pub const VARIANTS_MAX: usize = 50;
/// Characters of a name or slug of an experiment or a variant.
pub const EXPERIMENT_NAME_CHARS_MAX: usize = 128;
/// Bytes of a variant's configuration.
pub const EXPERIMENT_CONFIGURATION_BYTES_MAX: usize = 64 * 1024;

/// Bytes of waste in a store from which on a start compacts it, if they are half of the file.
pub const WASTE_BYTES_MIN: u64 = 64 * 1024 * 1024;
/// Characters of an API key.
pub const KEY_CHARS: usize = 40;
/// Connections for reading that an environment keeps for their next use.
pub const IDLE_READERS_MAX: usize = 8;
/// Batches of products stored but not indexed yet; over it the writer waits for the indexer.
pub const INDEX_QUEUE_MAX: usize = 64;
/// Changes without text in a row after which the index notes how far it has come: so many are looked at again after a crash at most.
pub const INDEX_PASSED_OVER_MAX: usize = 10_000;
/// Products of one commit of the index.
pub const INDEX_GROUP_PRODUCTS_MAX: usize = 5_000;
/// Products whose completions are changed under one lock.
pub const COMPLETION_PIECE: usize = 64;
/// Products folded in under one lock, so that an answer waits for a millisecond at most.
pub const FOLD_PIECE_PRODUCTS: usize = 64;
/// Interactions folded in under one lock, as [`FOLD_PIECE_PRODUCTS`].
pub const FOLD_PIECE_INTERACTIONS: usize = 512;
/// Answers given that wait to be noted in the live view; over it they are not remembered.
pub const SHOWN_WAITING_MAX: usize = 10_000;
/// Versions of an engine's model that are kept.
pub const MODEL_VERSIONS_MAX: usize = 5;
/// Trainings whose status is remembered, over a restart too.
pub const TRAININGS_REMEMBERED_MAX: usize = 100;
/// Changes of the live view after which a snapshot is written.
pub const SNAPSHOT_CHANGES: u64 = 1_000_000;
/// Bytes of answers in the journal; over it a snapshot is written, which empties it.
pub const JOURNAL_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Products of a list that is paged through by a `pagination_id`.
pub const LIST_PRODUCTS_MAX: usize = 10_000;
/// Products of all such lists together; over it those used longest ago are forgotten.
pub const LISTED_PRODUCTS_MAX: usize = 4_000_000;
/// After so long without use a list begins anew (contract: 30 minutes).
pub const LIST_IDLE_MS: i64 = 30 * 60_000;
/// How often the keeper looks after what may wait.
pub const KEEPER_PERIOD: Duration = Duration::from_millis(250);
/// How often the order by popularity is made anew.
pub const POPULARITY_PERIOD: Duration = Duration::from_secs(10);
/// Interactions remembered for whoever watches the stream.
pub const ARRIVALS_REMEMBERED_MAX: usize = 500;
/// Bytes of one of them; a longer one is not shown.
pub const ARRIVAL_BYTES_MAX: usize = 16 * 1024;

/// Files of one environment that the dashboard's users are uploading, or whose outcome is kept.
pub const UPLOADS_MAX: usize = 20;
/// Bytes of one of them.
pub const UPLOAD_BYTES_MAX: u64 = 16 * 1024 * 1024 * 1024;
/// Bytes of all of them together, rejects not counted.
pub const UPLOADS_BYTES_MAX: u64 = 32 * 1024 * 1024 * 1024;
/// How long one is kept after it was last touched: they may hold ids of people, so not for long.
pub const UPLOAD_KEPT_MS: i64 = 24 * 3_600_000;
/// Bytes of the rejects of one import; further rejects are counted only.
pub const UPLOAD_REJECTS_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Errors of an import that are shown by row; all are in the file of rejects.
pub const UPLOAD_ERRORS_SHOWN_MAX: usize = 100;
/// Different reasons that are counted.
pub const UPLOAD_REASONS_MAX: usize = 40;
/// Mappings saved by name in one environment.
pub const MAPPINGS_MAX: usize = 100;
/// Bytes of a mapping as text.
pub const MAPPING_BYTES_MAX: usize = 256 * 1024;
/// Troubles of a setting that a refusal lists.
pub const SETTING_TROUBLES_MAX: usize = 20;
/// Products put into an index that is built beside the one that serves, between two looks at what arrived meanwhile.
pub const REBUILD_PIECE_PRODUCTS: usize = 250;
/// Refused calls of an environment that are remembered.
pub const REFUSED_REMEMBERED_MAX: usize = 500;
/// Reasons of one of them that are remembered.
pub const REFUSED_LINES_MAX: usize = 5;
/// Characters of such a reason.
pub const REFUSED_LINE_CHARS_MAX: usize = 300;
/// Bytes of the beginning of a refused body that are looked at.
pub const EXCERPT_BYTES_MAX: usize = 1_200;
/// Erased persons of an environment that are remembered for a restore; over it the older half is forgotten.
pub const ERASURES_NOTED_MAX: usize = 1_000_000;
/// Interactions that the retention erases at a time; uploads go on in between.
pub const RETENTION_ERASED_AT_A_TIME: usize = 20_000;
/// Visitors whose histories the retention looks through under one lock.
pub const RETENTION_FOLD_VISITORS: u32 = 5_000;
/// Days that a retention may be.
pub const RETENTION_DAYS_MAX: u32 = 36_500;
/// Backups of an environment that are kept in the data folder.
pub const BACKUPS_MAX: usize = 20;
/// Bytes that a backup leaves free on the disk.
pub const FREE_BYTES_MIN: u64 = 256 * 1024 * 1024;
/// Replaced keys that still work.
pub const FORMER_KEYS_MAX: usize = 20;
/// Hours that a replaced key may go on working.
pub const KEY_GRACE_HOURS_MAX: u32 = 24 * 90;
/// Facets that an environment offers.
pub const FACETS_OFFERED_MAX: usize = 30;
/// How often it is looked whether products wait for the sentence encoder.
pub const ENCODER_PERIOD: Duration = Duration::from_millis(100);
