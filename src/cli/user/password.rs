//! Where a new password comes from: a terminal without echo, standard input, or chance; never an argument, which
//! other users of the machine could read.

use std::io::{BufRead, IsTerminal};

use super::super::Failure;
use crate::language::Language;
use crate::secret;

/// How a new password is given.
#[derive(Clone, Debug, clap::Args)]
pub struct How {
    /// Make a one-time password and print it
    #[arg(long, conflicts_with = "stdin")]
    generate: bool,
    /// Read the password from standard input, one line
    #[arg(long)]
    stdin: bool,
}

/// A new password.
pub struct Chosen {
    /// The password.
    pub password: String,
    /// It was made here, for somebody to use once and then to change.
    pub one_time: bool,
}

impl How {
    /// Asks, reads or makes a password for an account.
    pub fn choose(&self, account: &str, language: Language) -> Result<Chosen, Failure> {
        if self.generate {
            return Ok(Chosen { password: secret::one_time_password()?, one_time: true });
        }
        let password = if self.stdin { read_line(language)? } else { ask(language)? };
        let Some(password) = password else {
            return Ok(Chosen { password: secret::one_time_password()?, one_time: true });
        };
        match secret::weakness(&password, account) {
            Some(weakness) => Err(Failure(weakness.sentence(language))),
            None => Ok(Chosen { password, one_time: false }),
        }
    }
}

fn read_line(language: Language) -> Result<Option<String>, Failure> {
    let mut line = String::new();
    // One byte more than is allowed tells too long from long.
    let limit = secret::LONGEST_PASSWORD_BYTES as u64 + 2;
    std::io::Read::take(std::io::stdin().lock(), limit).read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        return Err(Failure(language.pick("标准输入里没有密码", "there is no password on standard input").to_owned()));
    }
    Ok(Some(password.to_owned()))
}

/// `None`: nothing was typed, so one is to be made.
fn ask(language: Language) -> Result<Option<String>, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure(
            language
                .pick(
                    "这里不是终端，问不了密码：用 --generate 生成一次性密码，或用 --stdin 从标准输入读",
                    "no terminal to ask for a password: use --generate for a one-time password, or --stdin",
                )
                .to_owned(),
        ));
    }
    let prompt = |text: &str| rpassword::prompt_password(text).map_err(Failure::from);
    let first =
        prompt(language.pick("新密码（不填则生成一次性密码）：", "New password (empty: make a one-time one): "))?;
    if first.is_empty() {
        return Ok(None);
    }
    if prompt(language.pick("再输一次：", "Once more: "))? != first {
        return Err(Failure(language.pick("两次输入不一样", "the two are not the same").to_owned()));
    }
    Ok(Some(first))
}
