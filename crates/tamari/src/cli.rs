use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use server::EnvironmentName;

/// Tamari: personalised search and recommendations from your own catalogue and log, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "tamari", version, max_term_width = 110, propagate_version = true)]
pub(crate) struct Cli {
    /// The settings file; without it, tamari.toml in the working directory where there is one.
    #[arg(long, global = true, value_name = "FILE", env = "TAMARI_CONFIG")]
    pub config: Option<PathBuf>,
    /// The data folder [default: tamari-data].
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the data folder over HTTP.
    Serve(ServeOptions),
    /// Print the settings in force, as TOML; secrets are masked.
    Config,
    /// Print the API keys of an environment, or replace them.
    Keys(KeysOptions),
    /// Upload products, users or interactions from files.
    Import(ImportOptions),
    /// Train an engine and wait until it is done.
    Train(TrainOptions),
    /// Replay a log: train on its past, recommend, and compare with what came next, beside simple baselines.
    Evaluate(EvaluateOptions),
    /// Ask for products: for a person, related to a product, by words, or those that rise.
    Ask(AskOptions),
    /// Copy the data folder's records to another folder, also while it is served.
    Backup(FolderOptions),
    /// Put a backup into a data folder that holds nothing yet.
    Restore(RestoreOptions),
    /// Erase users for good: their profiles and all their interactions.
    Erase(EraseOptions),
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct EvaluateOptions {
    #[command(subcommand)]
    pub action: Option<EvaluateAction>,
    /// A public data set: ml-latest-small, online-retail, completejourney or yoochoose; needs --path.
    #[arg(
        long,
        value_name = "NAME",
        requires = "path",
        conflicts_with_all = ["events", "environment"],
        required_unless_present_any = ["events", "environment"]
    )]
    pub dataset: Option<String>,
    /// The folder that holds the data set.
    #[arg(long, value_name = "DIR", requires = "dataset")]
    pub path: Option<PathBuf>,
    /// A table of your own (CSV or TSV, also gzipped) with the columns visitor, product, time, and optionally type, rating or
    /// weight.
    #[arg(long, value_name = "FILE", conflicts_with = "environment")]
    pub events: Option<PathBuf>,
    /// The catalogue to --events: a table with product_id, title, brand, categories, tags, or JSON Lines of product records.
    #[arg(long, value_name = "FILE", requires = "events")]
    pub products: Option<PathBuf>,
    /// The log of an environment of the data folder; it is read, nothing in it is changed.
    #[arg(long, value_enum, value_name = "NAME")]
    pub environment: Option<EnvironmentOption>,
    /// How to divide it: temporal, user-temporal, leave-last-out, sessions or cold [default: sessions for yoochoose, else
    /// temporal].
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Whom to ask: the model alone, or a server by HTTP as a shop does.
    #[arg(long, value_enum, value_name = "WAY", default_value = "model")]
    pub through: Through,
    /// With --through http, a running server with an empty environment; without it, one is started on a temporary folder.
    #[arg(long, value_name = "URL", requires = "api_key")]
    pub server: Option<String>,
    /// The secret key for --server.
    #[arg(long, value_name = "KEY", requires = "server", env = "TAMARI_API_KEY", hide_env_values = true)]
    pub api_key: Option<String>,
    /// With --through http, the order of the uploads.
    #[arg(long, value_enum, value_name = "ORDER", default_value = "products-first")]
    pub upload: UploadOrder,
    /// With --through http, how the clicks of a running session reach the server.
    #[arg(long, value_enum, value_name = "WAY", default_value = "additional")]
    pub session: SessionClicks,
    /// With --through http, connections that ask at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub connections: u8,
    /// Ask at most so many questions, spread evenly.
    #[arg(long, value_name = "NUMBER")]
    pub questions: Option<usize>,
    /// Makes what is drawn by chance repeatable.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Print the report as JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvaluateAction {
    /// Ask judged queries, and measure the answers beside those of plain BM25.
    Search(EvaluateSearchOptions),
}

/// docs/SEARCH.md describes the files.
#[derive(Debug, Args)]
pub(crate) struct EvaluateSearchOptions {
    /// A public data set: chorus-icecat; needs --path.
    #[arg(long, value_name = "NAME", requires = "path", conflicts_with_all = ["judged", "products"], required_unless_present = "judged")]
    pub dataset: Option<String>,
    /// The folder that holds the data set.
    #[arg(long, value_name = "DIR", requires = "dataset")]
    pub path: Option<PathBuf>,
    /// Judged queries: a table with the columns query, product_id and grade, or JSON Lines with these names.
    #[arg(long, value_name = "FILE")]
    pub judged: Option<PathBuf>,
    /// The catalogue, as JSON Lines of product records: it is uploaded to a server on a temporary folder, or to --server. Without it, what the
    /// environment holds is searched.
    #[arg(long, value_name = "FILE")]
    pub products: Option<PathBuf>,
    /// Misspelt queries: a table with the columns query, intended and kind, where kinds that begin with `clean` are right.
    #[arg(long, value_name = "FILE")]
    pub misspelt: Option<PathBuf>,
    /// Measure how much typing completion saves, too.
    #[arg(long)]
    pub completion: bool,
    /// List every query.
    #[arg(long)]
    pub each: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub target: TargetOptions,
}

/// Whom a replay asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Through {
    /// The model alone.
    Model,
    /// A server, by HTTP.
    Http,
}

/// The order of a replay's uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UploadOrder {
    /// The catalogue, then the log.
    ProductsFirst,
    /// The log, then the catalogue.
    InteractionsFirst,
    /// Each in an order of chance.
    Shuffled,
    /// The log alone, as of a site that sends no catalogue.
    InteractionsOnly,
}

/// How the clicks of a running session reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SessionClicks {
    /// With the question, as `additional_interactions`.
    Additional,
    /// Uploaded before the question.
    Uploaded,
}

#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// The address to listen on [default: 127.0.0.1:7700]; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Fill the playground with a sample shop.
    #[arg(long)]
    pub demo: bool,
    /// The largest body accepted, in bytes, after decompression.
    #[arg(long, value_name = "BYTES")]
    pub body_bytes_max: Option<usize>,
    /// Requests a second allowed per key; 0 sets no limit.
    #[arg(long, value_name = "NUMBER")]
    pub requests_per_second_max: Option<u32>,
    /// Believe X-Forwarded-For for the visitor's address; only behind a proxy that sets it.
    #[arg(long)]
    pub trust_forwarded_for: bool,
    /// Seconds for requests under way to finish when told to stop.
    #[arg(long, value_name = "SECONDS")]
    pub stop_grace_s: Option<u64>,
    /// Threads for training.
    #[arg(long, value_name = "NUMBER")]
    pub training_threads: Option<usize>,
    #[command(flatten)]
    pub log: LogOptions,
}

#[derive(Debug, Args)]
pub(crate) struct LogOptions {
    /// What to log, such as `info` or `warn,server=debug`.
    #[arg(long, value_name = "FILTER", env = "TAMARI_LOG", default_value = "info")]
    pub log: String,
    /// How to write the log.
    #[arg(long, value_name = "FORMAT", env = "TAMARI_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The environment a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvironmentOption {
    /// Sample data; read-only.
    Playground,
    /// For trying things out.
    Development,
    /// The real thing.
    Production,
}

impl From<EnvironmentOption> for EnvironmentName {
    fn from(option: EnvironmentOption) -> EnvironmentName {
        match option {
            EnvironmentOption::Playground => EnvironmentName::Playground,
            EnvironmentOption::Development => EnvironmentName::Development,
            EnvironmentOption::Production => EnvironmentName::Production,
        }
    }
}

/// Which environment of which server.
#[derive(Clone, Debug, Args)]
pub(crate) struct TargetOptions {
    /// The environment; not needed with --api-key, which names one.
    #[arg(long, value_enum, value_name = "NAME", env = "TAMARI_ENVIRONMENT", default_value = "development")]
    pub environment: EnvironmentOption,
    /// A server to talk to; without it, the one that serves the data folder, or one started for this command.
    #[arg(long, value_name = "URL", env = "TAMARI_SERVER", requires = "api_key")]
    pub server: Option<String>,
    /// The secret key for --server.
    #[arg(long, value_name = "KEY", env = "TAMARI_API_KEY", hide_env_values = true)]
    pub api_key: Option<String>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct KeysOptions {
    #[command(flatten)]
    pub shown: KeysShown,
    #[command(subcommand)]
    pub action: Option<KeysAction>,
}

#[derive(Debug, Args)]
pub(crate) struct KeysShown {
    /// The environment.
    #[arg(long, value_enum, value_name = "NAME", env = "TAMARI_ENVIRONMENT", default_value = "development")]
    pub environment: EnvironmentOption,
    /// Print one line of JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysAction {
    /// Make new keys; the ones before them are revoked at once.
    Rotate {
        #[command(flatten)]
        shown: KeysShown,
        /// Which key; without it, both.
        #[arg(long, value_enum, value_name = "KIND")]
        kind: Option<KeyKindOption>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeyKindOption {
    /// The key for your servers.
    Secret,
    /// The key for web pages.
    Publishable,
}

#[derive(Debug, Args)]
pub(crate) struct TrainOptions {
    /// The engine.
    #[arg(long, value_name = "ID", default_value = "default")]
    pub engine: String,
    /// Use the new version also where it does worse than the one in use, or than popularity.
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub target: TargetOptions,
}

#[derive(Debug, Args)]
pub(crate) struct AskOptions {
    #[command(subcommand)]
    pub question: Question,
    /// The user for whom the products are meant.
    #[arg(long = "as", global = true, value_name = "USER")]
    pub user: Option<String>,
    /// A filter, such as `brand:"Nike" AND sale_price:[* TO 50]`.
    #[arg(long, global = true, value_name = "QUERY")]
    pub fq: Option<String>,
    /// How many products.
    #[arg(long, global = true, value_name = "NUMBER", default_value_t = 10)]
    pub rows: usize,
    /// Print the whole answer as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(flatten)]
    pub target: TargetOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    /// Products that this user is likeliest to want.
    User {
        /// The user's id.
        id: String,
    },
    /// Products related to this one.
    Related {
        /// The product's id.
        product: String,
    },
    /// Products found by words.
    Search {
        /// The words; `*` for all products.
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Products that rise now.
    Trending,
}

#[derive(Debug, Args)]
pub(crate) struct FolderOptions {
    /// The folder of the backup.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreOptions {
    /// The folder of the backup.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// The data folder that the new one takes the place of: its keys stay, and who was erased there since the backup was made is
    /// erased again.
    #[arg(long, value_name = "DIR")]
    pub replacing: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct EraseOptions {
    /// The ids of the users.
    #[arg(long = "user", value_name = "ID", required = true, num_args = 1..)]
    pub users: Vec<String>,
    #[command(flatten)]
    pub target: TargetOptions,
}

/// What files hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindOption {
    /// The catalogue.
    Products,
    /// Profiles.
    Users,
    /// What people did.
    Interactions,
}

impl From<KindOption> for ::import::Kind {
    fn from(kind: KindOption) -> ::import::Kind {
        match kind {
            KindOption::Products => ::import::Kind::Products,
            KindOption::Users => ::import::Kind::Users,
            KindOption::Interactions => ::import::Kind::Interactions,
        }
    }
}

/// How to read the files, and where the records go. docs/IMPORT.md describes mappings with examples.
#[derive(Debug, Args)]
pub(crate) struct ImportOptions {
    /// What the files hold.
    #[arg(value_enum)]
    pub kind: KindOption,
    /// The files, in order: CSV, TSV, JSON, JSON Lines or Parquet, each also gzipped.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// A mapping: a TOML file, or the name of a shipped one (movielens, online-retail, completejourney, yoochoose, shopify).
    #[arg(long, value_name = "FILE|NAME")]
    pub map: Option<String>,
    /// Fill a field from a column (`title=Name`), a template (`product_id={Handle}-{SKU}`), or a rule
    /// (`tags={from="Tags",split=","}`).
    #[arg(long = "field", value_name = "FIELD=COLUMN")]
    pub fields: Vec<String>,
    /// Give a field the same value in every record, such as `type=rate`.
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub constants: Vec<String>,
    /// Write the mapping in use to this file, to edit it and to give it to --map.
    #[arg(long, value_name = "FILE")]
    pub save_map: Option<PathBuf>,
    /// One record a row, even where the mapping gathers rows into one record.
    #[arg(long)]
    pub no_group: bool,
    /// The names of the columns, for files without a header line, such as `session,time,product`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub header: Vec<String>,
    /// The character between columns of a CSV file, or `tab`; without it, it is found out.
    #[arg(long, value_name = "CHARACTER")]
    pub delimiter: Option<String>,
    /// Show the first records and check all of them, but upload nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Where rejected rows go, with their reasons [default: FILE.rejects.jsonl].
    #[arg(long, value_name = "PATH")]
    pub rejects: Option<PathBuf>,
    /// The folder that remembers how far an import has come [default: beside the first file].
    #[arg(long, value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Begin again although an earlier run was interrupted half-way.
    #[arg(long)]
    pub restart: bool,
    #[command(flatten)]
    pub target: TargetOptions,
}

impl ImportOptions {
    /// What the files hold.
    pub(crate) fn kind(&self) -> ::import::Kind {
        self.kind.into()
    }
}
