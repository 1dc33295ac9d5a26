//! A cache of the values requested last, each computed once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many values are kept.
const MOST: usize = 8;

/// Values by their keys, the one requested last first.
pub struct Few<K, V> {
    last: Mutex<Vec<(K, Arc<OnceLock<V>>)>>,
}

impl<K, V> Default for Few<K, V> {
    fn default() -> Few<K, V> {
        Few {
            last: Mutex::new(Vec::new()),
        }
    }
}

impl<K: Clone + Eq, V: Clone> Few<K, V> {
    /// Returns the value of a key; `make` computes it if it is not cached. Requests for another
    /// key on another thread do not wait for it.
    // The list is locked while the slot is found, but not while the value is computed, which can
    // take seconds.
    pub fn get(&self, key: &K, make: impl FnOnce() -> V) -> V {
        self.place(key).get_or_init(make).clone()
    }

    /// Returns the kept value that is wanted, the one requested last first. The list is locked
    /// meanwhile, so `is_wanted` must be quick, and must not use the list.
    pub fn find(&self, is_wanted: impl Fn(&V) -> bool) -> Option<V> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = last.iter().filter_map(|(_, value)| value.get());
        values.find(|value| is_wanted(value)).cloned()
    }

    /// Returns the slot for the value of a key.
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
        let few = Few::default();
        let mut computed = Vec::new();
        for key in [0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 0, 8, 0, 1] {
            let value = few.get(&key, || {
                computed.push(key);
                key * 10
            });
            assert_eq!(value, key * 10);
        }
        // 1 was evicted for 8, since 0 had been requested after it.
        assert_eq!(computed, [0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
        // 2 was evicted for 1; of the others that are greater than 6, 8 was requested last.
        assert_eq!(few.find(|value| *value == 20), None);
        assert_eq!(few.find(|value| *value > 60), Some(80));
    }

    #[test]
    fn who_asks_for_another_value_waits_for_nothing() {
        let few = Few::default();
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
