//! The last few values that were asked for, each made once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many are kept.
const MOST: usize = 8;

/// Values by their keys, the one that was asked for last first.
pub(super) struct Few<K, V> {
    last: Mutex<Vec<(K, Arc<OnceLock<V>>)>>,
}

impl<K: Clone + Eq, V: Clone> Few<K, V> {
    pub(super) fn new() -> Few<K, V> {
        Few {
            last: Mutex::new(Vec::new()),
        }
    }

    /// The value of a key, which `make` makes if it is not kept. Who asks for another on another thread
    /// does not wait for it.
    // The list is locked while the place is found, and not while the value is made, which can take
    // seconds.
    pub(super) fn get(&self, key: &K, make: impl FnOnce() -> V) -> V {
        self.place(key).get_or_init(make).clone()
    }

    /// Where the value of a key stands, or will.
    fn place(&self, key: &K) -> Arc<OnceLock<V>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let known = last.iter().position(|(other, _)| other == key);
        let entry = known.map(|at| last.remove(at));
        let entry = entry.unwrap_or_else(|| (key.clone(), Arc::default()));
        let place = Arc::clone(&entry.1);
        last.insert(0, entry);
        last.truncate(MOST);
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn a_value_is_made_once_and_only_the_last_few_are_kept() {
        let few = Few::new();
        let mut made = Vec::new();
        for key in [0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 0, 8, 0, 1] {
            let value = few.get(&key, || {
                made.push(key);
                key * 10
            });
            assert_eq!(value, key * 10);
        }
        // 1 had to go for 8, and 0 had been asked for since.
        assert_eq!(made, [0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
    }

    #[test]
    fn who_asks_for_another_value_waits_for_nothing() {
        let few = Few::new();
        let (begin, begun) = channel();
        let (end, ended) = channel::<()>();
        std::thread::scope(|scope| {
            let few = &few;
            scope.spawn(move || {
                few.get(&"slow", || {
                    begin.send(()).unwrap();
                    ended.recv().unwrap();
                    1
                })
            });
            begun.recv().unwrap();
            let (answer, answered) = channel();
            scope.spawn(move || answer.send(few.get(&"quick", || 2)).unwrap());
            let quick = answered.recv_timeout(Duration::from_secs(60));
            end.send(()).unwrap();
            assert_eq!(quick, Ok(2));
        });
    }
}
