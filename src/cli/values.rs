//! Values of variables from the command line.

use std::collections::BTreeSet;

use clap::Args;

use crate::hole::Values;
use crate::hole::variable::{BOT_ID, Variables};
use crate::input::diagnostic::printable;
use crate::input::secret;
use crate::model::values::{key_in_value, unknown_variable};
use crate::model::{Audience, Model};

/// `--bot` and `--set`.
#[derive(Args)]
pub(super) struct GivenValues {
    /// The ID of the bot: the value of `bot_id`
    #[arg(long, value_name = "ID")]
    pub(super) bot: Option<String>,
    /// The value of another variable of site.yaml; can be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(super) set: Vec<(String, String)>,
}

/// `--internal`.
#[derive(Args)]
pub(super) struct InternalFlag {
    /// Include the pages and endpoints that have `internal: true`
    #[arg(long)]
    internal: bool,
}

impl InternalFlag {
    /// Returns for whom the site is.
    pub(super) fn audience(&self) -> Audience {
        if self.internal {
            Audience::Internal
        } else {
            Audience::Public
        }
    }
}

impl GivenValues {
    /// Returns the endpoints that the conditions allow; none if they allow all.
    pub(super) fn choice(&self, model: &Model) -> Option<BTreeSet<String>> {
        if self.bot.is_some() {
            let values = self.values(&model.variables);
            return model.choice(|id| Some(values.get(id)));
        }
        model.choice(|id| model.variables.known(id, &self.set))
    }

    /// Returns the error in the values, if any.
    pub(super) fn fault(&self, variables: &Variables) -> Option<String> {
        let refused = |flag: &str, name: &str, value: &str| {
            let id = variables.find(name)?;
            let reason = variables.get(id).refuses(value)?;
            let value = secret::masked(value);
            Some(format!("{flag} `{}`: {reason}", printable(&value)))
        };
        if let Some(id) = &self.bot
            && let Some(fault) = refused("--bot", BOT_ID, id)
        {
            return Some(fault);
        }
        for (index, (name, value)) in self.set.iter().enumerate() {
            let flag = format!("--set {}", printable(name));
            if name == BOT_ID {
                return Some(format!("{flag}: give the bot's ID with `--bot`"));
            }
            if variables.find(name).is_none() {
                return Some(format!("{flag}: {}", unknown_variable(name, variables)));
            }
            if self.set[..index].iter().any(|(other, _)| other == name) {
                return Some(format!("{flag}: given twice"));
            }
            if let Some(fault) = refused(&flag, name, value) {
                return Some(fault);
            }
        }
        None
    }

    /// Returns the error in values for published pages: that of [`fault`](Self::fault), or a value
    /// that looks like a live key.
    pub(super) fn fault_of_pages(&self, model: &Model) -> Option<String> {
        let bot = self.bot.iter().map(|id| ("--bot".to_owned(), BOT_ID, id));
        let set = self.set.iter();
        let set = set.map(|(name, value)| (format!("--set {}", printable(name)), &**name, value));
        let key = bot.chain(set).find_map(|(flag, name, value)| {
            // The value of a flag appears on published pages, but in no file that is searched for
            // keys.
            let message = key_in_value(&model.site.public, name, value)?;
            Some(format!("{flag}: {message}"))
        });
        key.or_else(|| self.fault(&model.variables))
    }

    /// Returns the values of the one bot, or the placeholders.
    pub(super) fn values(&self, variables: &Variables) -> Values {
        variables.values_of(self.bot.as_deref(), &self.set)
    }

    /// Returns the given values, else the variables' examples: for the mock and the trial, which
    /// publish nothing.
    pub(super) fn or_examples(&self, variables: &Variables) -> Values {
        variables.values(|name| {
            let mut set = self.set.iter();
            let given = match name {
                BOT_ID => self.bot.clone(),
                _ => set
                    .find(|(other, _)| other == name)
                    .map(|(_, value)| value.clone()),
            };
            // An example is valid for its variable, so the mock and the trial need no flag.
            given.or_else(|| variables.get(variables.find(name)?).example.clone())
        })
    }
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
