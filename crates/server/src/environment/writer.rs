//! The thread that is the only one to change the store and the live view.
//!
//! A command is checked against the live view, is on disk, is folded in, and only then is answered. Uploads of
//! interactions that wait are written together (group commit): one fsync serves them all.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use record::{Interaction, Product, ProductPatch, Refusal, Refusals, Time, User};
use serde_json::{Value, json};
use state::{Applied, ProductRow, State, TypeConflict};
use store::{Change, Erasure, Fault, Key, Store, Task};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info, warn};

use super::erasures::Erased;
use super::indexer::TextChange;
use super::{Shared, WriteError, Written, keeper, retention};
use crate::limits;

type Reply = oneshot::Sender<Result<Written, WriteError>>;

/// A change that runs on the writer's thread.
type Work = Box<dyn FnOnce(&mut Store, &Shared) + Send>;

/// What the writer is asked to do.
#[allow(missing_docs, reason = "named like the functions of Environment that send them")]
pub(super) enum Command {
    PutProducts {
        task_id: String,
        products: Vec<Product>,
        reply: Reply,
    },
    PatchProducts {
        task_id: String,
        patches: Vec<ProductPatch>,
        reply: Reply,
    },
    DeleteProducts {
        task_id: String,
        ids: Vec<String>,
        reply: Reply,
    },
    PutUsers {
        task_id: String,
        users: Vec<User>,
        reply: Reply,
    },
    DeleteUsers {
        task_id: String,
        ids: Vec<String>,
        reply: Reply,
    },
    AddInteractions {
        interactions: Vec<Interaction>,
        bodies: Vec<String>,
        reply: Reply,
    },
    EraseInteractions {
        user_ids: Vec<String>,
        reply: Reply,
    },
    /// Stores a setting, and then puts it in force.
    Set {
        name: &'static str,
        value: Value,
        then: Box<dyn FnOnce(&Shared) + Send>,
        reply: oneshot::Sender<Result<(), WriteError>>,
    },
    /// Forgets in the live view what lies before `cut`, in entries not behind `upto`.
    ForgetBefore {
        cut: Time,
        upto: u64,
        reply: oneshot::Sender<Result<(), WriteError>>,
    },
    /// Erases the interactions at these positions, which the live view has forgotten, and gives how many there were.
    EraseAt {
        positions: Vec<u64>,
        reply: oneshot::Sender<Result<u64, WriteError>>,
    },
    SetKey {
        key: Key,
        reply: oneshot::Sender<Result<(), WriteError>>,
    },
    /// Any other change that must not run beside another one; see [`within_writer`].
    Within {
        work: Work,
    },
    Stop {
        reply: oneshot::Sender<()>,
    },
}

/// Runs `work` on the writer's thread, behind what waits there, and gives what it gives; `None` where the environment is
/// stopping. Blocks: not for a thread that serves the network.
pub(super) fn within_writer<R: Send + 'static>(
    commands: &mpsc::Sender<Command>,
    work: impl FnOnce(&mut Store, &Shared) -> R + Send + 'static,
) -> Option<R> {
    let (reply, answer) = oneshot::channel();
    commands.blocking_send(within(work, reply)).ok()?;
    answer.blocking_recv().ok()
}

/// The command that runs `work`.
pub(super) fn within<R: Send + 'static>(
    work: impl FnOnce(&mut Store, &Shared) -> R + Send + 'static,
    reply: oneshot::Sender<R>,
) -> Command {
    let work = Box::new(move |store: &mut Store, shared: &Shared| {
        let _ = reply.send(work(store, shared));
    });
    Command::Within { work }
}

struct Writer<'a> {
    shared: &'a Shared,
    store: Store,
    texts: &'a SyncSender<TextChange>,
}

/// Runs until [`Command::Stop`], or until every sender has gone.
pub(super) fn run(
    shared: &Shared,
    store: Store,
    mut commands: mpsc::Receiver<Command>,
    texts: &SyncSender<TextChange>,
) {
    let mut writer = Writer { shared, store, texts };
    let mut waiting = None;
    while let Some(command) = waiting.take().or_else(|| commands.blocking_recv()) {
        match command {
            Command::AddInteractions { interactions, bodies, reply } => {
                let mut group = vec![Upload { interactions, bodies, reply }];
                let mut count = group[0].interactions.len();
                while count < limits::GROUP_CHANGES_MAX
                    && let Ok(next) = commands.try_recv()
                {
                    if let Command::AddInteractions { interactions, bodies, reply } = next {
                        count += interactions.len();
                        group.push(Upload { interactions, bodies, reply });
                    } else {
                        waiting = Some(next);
                        break;
                    }
                }
                writer.add_interactions(group);
            }
            Command::Stop { reply } => {
                keeper::save_snapshot(shared);
                let _ = reply.send(());
                return;
            }
            command => writer.run(command),
        }
    }
}

/// One caller's interactions within a group commit.
struct Upload {
    interactions: Vec<Interaction>,
    bodies: Vec<String>,
    reply: Reply,
}

impl Writer<'_> {
    fn run(&mut self, command: Command) {
        match command {
            Command::PutProducts { task_id, products, reply } => {
                let outcome = self.as_task("products", &task_id, |writer| writer.put_products(products));
                let _ = reply.send(outcome);
            }
            Command::PatchProducts { task_id, patches, reply } => {
                let outcome = self.as_task("products", &task_id, |writer| {
                    let products = patched(&writer.shared.state.read(), &patches)?;
                    writer.put_products(products)
                });
                let _ = reply.send(outcome);
            }
            Command::DeleteProducts { task_id, ids, reply } => {
                let outcome = self.as_task("products", &task_id, |writer| writer.delete_products(ids));
                let _ = reply.send(outcome);
            }
            Command::PutUsers { task_id, users, reply } => {
                let outcome = self.as_task("users", &task_id, |writer| writer.put_users(users));
                let _ = reply.send(outcome);
            }
            Command::DeleteUsers { task_id, ids, reply } => {
                let outcome = self.as_task("users", &task_id, |writer| writer.delete_users(ids));
                let _ = reply.send(outcome);
            }
            Command::EraseInteractions { user_ids, reply } => {
                let _ = reply.send(self.erase_interactions(&user_ids));
            }
            Command::Set { name, value, then, reply } => {
                let outcome = self.store.set(name, Some(&value));
                if outcome.is_ok() {
                    then(self.shared);
                }
                let _ = reply.send(outcome.map_err(WriteError::from));
            }
            Command::ForgetBefore { cut, upto, reply } => {
                let outcome = keeper::discard_snapshot(self.shared).map(|_until_forgotten| {
                    retention::forget_before(self.shared, cut, upto);
                });
                let _ = reply.send(outcome.map_err(WriteError::from));
            }
            Command::EraseAt { positions, reply } => {
                let erased = self.store.erase(&Erasure { positions, ..Erasure::default() });
                let _ = reply.send(erased.map(|erased| erased.interactions as u64).map_err(WriteError::from));
            }
            Command::SetKey { key, reply } => {
                let outcome = self.store.set_key(&key);
                if outcome.is_ok() {
                    let mut keys = self.shared.keys.load().to_vec();
                    keys.retain(|other| other.kind != key.kind);
                    keys.push(key);
                    self.shared.keys.store(Arc::new(keys));
                }
                let _ = reply.send(outcome.map_err(WriteError::from));
            }
            Command::Within { work } => work(&mut self.store, self.shared),
            // Taken by `run` before they come here.
            Command::AddInteractions { .. } | Command::Stop { .. } => {}
        }
    }

    /// Runs one write and remembers its outcome as a task, so that `_status` can tell of it.
    fn as_task(
        &mut self,
        scope: &str,
        task_id: &str,
        write: impl FnOnce(&mut Self) -> Result<Written, WriteError>,
    ) -> Result<Written, WriteError> {
        let begun = Instant::now();
        let outcome = write(self);
        let (errors, code, data) = match &outcome {
            Ok(_) => (false, 200, Vec::new()),
            Err(WriteError::Refused(refusals)) => (true, 422, refusals.lines()),
            Err(error) => (true, 503, vec![public_text(error)]),
        };
        let task = Task {
            task_id: task_id.to_owned(),
            scope: scope.to_owned(),
            created_ms: keeper::now().0,
            took_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            errors,
            code,
            data: json!(data),
        };
        if let Err(fault) = self.store.put_task(&task) {
            // The records are safe; only the status of this task will not be found.
            warn!(%fault, "the outcome of an upload could not be remembered");
        }
        outcome.map(|written| Written { task_id: task_id.to_owned(), ..written })
    }

    /// Appends, and gives the position of the first change.
    fn append(&mut self, changes: &[Change]) -> Result<u64, Fault> {
        let last = self.store.append(changes).inspect_err(|fault| error!(%fault, "the store refuses a write"))?;
        self.shared.unsaved.fetch_add(changes.len() as u64, Ordering::Relaxed);
        Ok(last + 1 - changes.len() as u64)
    }

    fn put_products(&mut self, products: Vec<Product>) -> Result<Written, WriteError> {
        check_types(&self.shared.state.read().catalogue().type_conflicts(&products))?;
        let bodies: Vec<String> = products.iter().map(Product::to_json).collect();
        let changes: Vec<Change> = products
            .iter()
            .zip(&bodies)
            .map(|(product, body)| Change::PutProduct { id: product.product_id.clone(), body: body.clone() })
            .collect();
        let first = self.append(&changes)?;
        let count = products.len();
        let has_other_text = self.texts_that_change(&products);
        let mut puts = Vec::with_capacity(count);
        let mut position = first;
        let mut records = products.into_iter().zip(bodies).zip(has_other_text).peekable();
        while records.peek().is_some() {
            let mut state = self.shared.state.write();
            for ((product, body), has_other_text) in records.by_ref().take(limits::FOLD_PIECE_PRODUCTS) {
                let row = state.put_product(position, &product, Arc::from(body));
                if has_other_text {
                    puts.push((row, product));
                }
                position += 1;
            }
        }
        self.tell_indexer(position - 1, puts, Vec::new());
        Ok(Written { count, ..Written::default() })
    }

    /// Which of the products have another text than the records in whose place they come: the others are not indexed again.
    fn texts_that_change(&self, products: &[Product]) -> Vec<bool> {
        let state = self.shared.state.read();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut changes = |product: &Product| {
            // Of a product that comes twice the first may have brought another text.
            let is_first = seen.insert(product.product_id.clone());
            let former = state.catalogue().row(&product.product_id).and_then(|row| state.catalogue().product(row));
            !is_first || former.is_none_or(|former| !search::has_same_text(&former, product))
        };
        products.iter().map(&mut changes).collect()
    }

    fn delete_products(&mut self, mut ids: Vec<String>) -> Result<Written, WriteError> {
        let asked = ids.len();
        {
            let state = self.shared.state.read();
            let catalogue = state.catalogue();
            ids.sort_unstable();
            ids.dedup();
            ids.retain(|id| catalogue.row(id).is_some_and(|row| catalogue.body(row).is_some()));
        }
        let changes: Vec<Change> = ids.iter().map(|id| Change::DeleteProduct { id: id.clone() }).collect();
        let first = self.append(&changes)?;
        let mut state = self.shared.state.write();
        let mut rows = Vec::with_capacity(ids.len());
        let mut position = first;
        for id in &ids {
            rows.extend(state.delete_product(position, id));
            position += 1;
        }
        drop(state);
        if !rows.is_empty() {
            self.tell_indexer(position - 1, Vec::new(), rows);
        }
        Ok(Written { count: ids.len(), not_found: asked - ids.len(), ..Written::default() })
    }

    fn tell_indexer(&self, position: u64, puts: Vec<(ProductRow, Product)>, deletes: Vec<ProductRow>) {
        // Waits when the indexer is far behind: an upload must not outrun what can be searched without bound.
        if self.texts.send(TextChange { position, puts, deletes, completed: false }).is_err() {
            error!("the indexer has ended; products are stored, but cannot be found by text until the next start");
        }
    }

    fn put_users(&mut self, users: Vec<User>) -> Result<Written, WriteError> {
        check_types(&self.shared.state.read().user_type_conflicts(&users))?;
        let changes: Vec<Change> =
            users.iter().map(|user| Change::PutUser { id: user.user_id.clone(), body: user.to_json() }).collect();
        let first = self.append(&changes)?;
        let mut state = self.shared.state.write();
        for (position, user) in (first..).zip(&users) {
            state.put_user(position, user);
        }
        Ok(Written { count: users.len(), ..Written::default() })
    }

    fn delete_users(&mut self, mut ids: Vec<String>) -> Result<Written, WriteError> {
        let asked = ids.len();
        ids.sort_unstable();
        ids.dedup();
        // The snapshot names them: it goes before they do, so that a crash in between leaves nothing behind.
        let _until_forgotten = keeper::discard_snapshot(self.shared)?;
        self.shared.uploads.forget_people();
        self.shared.refused.lock().forget();
        let upto = self.shared.state.read().position();
        self.shared.erasures.note(upto, ids.iter().map(|id| (Erased::Profile, id.as_str())))?;
        let erased = self.store.erase(&Erasure { profiles: ids.clone(), ..Erasure::default() })?;
        let mut state = self.shared.state.write();
        let position = state.position();
        for id in &ids {
            state.delete_user(position, id);
        }
        Ok(Written { count: erased.profiles, not_found: asked - erased.profiles, ..Written::default() })
    }

    fn erase_interactions(&mut self, user_ids: &[String]) -> Result<Written, WriteError> {
        let begun = Instant::now();
        keeper::move_shown(self.shared);
        keeper::save_tallies(self.shared);
        let traces = self.shared.state.read().people().traces(user_ids);
        let _until_forgotten = keeper::discard_snapshot(self.shared)?;
        // It may hold what they searched for; no answer comes into it until they are forgotten.
        let mut journal = self.shared.journal.lock();
        journal.restart();
        self.shared.arrivals.lock().forget();
        self.shared.uploads.forget_people();
        self.shared.refused.lock().forget();
        let users = user_ids.iter().map(|id| (Erased::User, id.as_str()));
        let linked = traces.anonymous_ids.iter().map(|id| (Erased::Anonymous, id.as_str()));
        let upto = self.shared.state.read().position();
        self.shared.erasures.note(upto, users.chain(linked))?;
        let erased = self.store.erase(&Erasure {
            positions: traces.positions,
            profiles: Vec::new(),
            user_ids: user_ids.to_vec(),
            anonymous_ids: traces.anonymous_ids,
            scan: !traces.complete,
        })?;
        self.shared.state.write().erase_interactions(user_ids);
        info!(
            users = user_ids.len(),
            interactions = erased.interactions,
            took_ms = begun.elapsed().as_millis() as u64,
            "erased"
        );
        Ok(Written { count: erased.interactions, ..Written::default() })
    }

    fn add_interactions(&mut self, group: Vec<Upload>) {
        let mut changes = Vec::with_capacity(group.iter().map(|upload| upload.bodies.len()).sum());
        let mut fresh = Vec::with_capacity(group.len());
        let mut replies = Vec::with_capacity(group.len());
        {
            let state = self.shared.state.read();
            for upload in group {
                let sent = upload.interactions.len();
                let mut kept = Vec::with_capacity(sent);
                for (interaction, body) in upload.interactions.into_iter().zip(upload.bodies) {
                    // What is held already is not written again. Twins within one group are, and the fold leaves them out.
                    if !state.holds(&interaction) {
                        changes.push(Change::Interaction { body });
                        kept.push(interaction);
                    }
                }
                fresh.push(kept);
                replies.push((sent, upload.reply));
            }
        }
        let first = match self.append(&changes) {
            Ok(first) => first,
            Err(fault) => {
                let fault = Arc::new(fault);
                for (_, reply) in replies {
                    let _ = reply.send(Err(WriteError::Fault(fault.clone())));
                }
                return;
            }
        };
        let bodies = changes.iter().filter_map(|change| match change {
            Change::Interaction { body } => Some(body),
            _ => None,
        });
        self.shared.arrivals.lock().note(keeper::now(), bodies);
        keeper::move_shown(self.shared);
        drop(changes);
        let mut position = first;
        for (kept, (sent, reply)) in fresh.into_iter().zip(replies) {
            let mut count = 0;
            // By pieces: an answer that waits for the lock waits for a millisecond, not for a whole upload.
            for piece in kept.chunks(limits::FOLD_PIECE_INTERACTIONS) {
                let mut state = self.shared.state.write();
                for interaction in piece {
                    count += usize::from(state.add_interaction(position, interaction) == Applied::New);
                    position += 1;
                }
            }
            self.shared.duplicates.fetch_add((sent - count) as u64, Ordering::Relaxed);
            let _ = reply.send(Ok(Written { count, not_found: sent - count, ..Written::default() }));
        }
    }
}

/// The products after these patches, in the order of the patches; several patches of one product build on each other.
///
/// # Errors
/// A refusal for each product that does not exist.
pub(super) fn patched(state: &State, patches: &[ProductPatch]) -> Result<Vec<Product>, Refusals> {
    let catalogue = state.catalogue();
    let mut products: Vec<Product> = Vec::with_capacity(patches.len());
    let mut refusals = Refusals::default();
    let mut latest = rustc_hash::FxHashMap::default();
    for (index, patch) in patches.iter().enumerate() {
        let id = patch.product_id.as_str();
        let stored = || {
            let body = catalogue.body(catalogue.row(id)?)?;
            serde_json::from_str::<Product>(body).ok()
        };
        let base = match latest.get(id) {
            Some(&earlier) => Some(Product::clone(&products[earlier])),
            None => stored(),
        };
        match base {
            Some(base) => {
                if let Some(refusal) = patch.refusal(index, &base) {
                    refusals.push(refusal);
                    continue;
                }
                latest.insert(id, products.len());
                products.push(patch.apply(&base));
            }
            None => refusals.push(Refusal {
                path: format!("data.{index}.product_id"),
                message: "There is no product with this id. A partial update changes products that exist; upload it whole first."
                    .to_owned(),
            }),
        }
    }
    if refusals.is_empty() { Ok(products) } else { Err(refusals) }
}

/// Refuses a batch whose custom attributes would have two types in one data set.
///
/// # Errors
/// One refusal per conflict.
pub(super) fn check_types(conflicts: &[TypeConflict]) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    for conflict in conflicts {
        refusals.push(Refusal::of_attribute_type(
            conflict.index,
            &conflict.attribute,
            conflict.expected,
            conflict.given,
        ));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// What a caller may know of a failed write: no paths, no internals.
fn public_text(error: &WriteError) -> String {
    match error {
        WriteError::Refused(_) => "The records were refused.".to_owned(),
        WriteError::Fault(_) => "The disk refuses writes; nothing was stored. Please send it again later.".to_owned(),
        WriteError::Stopping => "The server is stopping; nothing was stored. Please send it again.".to_owned(),
    }
}
