//! Passwords, sessions and tokens as what is kept of them: a hash that is slow to guess, or the digest of something
//! that nobody guesses. What is random comes from the kernel.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sm3::{Digest, Sm3};

use crate::language::Language;

/// 32 letters that nobody takes for one another: no l, o, 0, 1.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Letters of a session or a token: 260 bits.
const LETTERS: usize = 52;
/// Groups of four letters of a password made here: 80 bits.
const GROUPS: usize = 4;
/// What a token begins with, so that it is found where it should not be.
const TOKEN_PREFIX: &str = "lw_";

/// Nobody learns from the time it takes whether there is such an account: this hash is tried for those that are none.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bGluZXdhdGNoLW5vYm9keQ$\
                      3hZ5gk4hd2AMcWpBtGX8bkZhk4gr7b0DNM5I9HHy9HQ";

/// Letters a password has at least.
pub const SHORTEST_PASSWORD: usize = 10;
/// Bytes a password has at most: hashing a book would take its time.
pub const LONGEST_PASSWORD_BYTES: usize = 256;

/// What is kept of a session or a token.
pub type SecretDigest = [u8; 32];

/// Why the kernel or the hash failed; neither happens on a sound machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No random numbers.
    #[error("the kernel gives no random numbers")]
    Random,
    /// No hash.
    #[error("the password cannot be hashed: there is not enough memory")]
    Hash,
}

/// Why a password is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer letters than [`SHORTEST_PASSWORD`].
    Short,
    /// More bytes than [`LONGEST_PASSWORD_BYTES`].
    Long,
    /// It holds the account's name.
    Name,
    /// One or two letters again and again, or a row of the keyboard.
    Plain,
}

impl Weakness {
    /// What to tell whoever chose it.
    pub fn sentence(self, language: Language) -> String {
        match self {
            Self::Short => language.pick(
                format!("密码至少 {SHORTEST_PASSWORD} 个字符"),
                format!("a password has {SHORTEST_PASSWORD} characters at least"),
            ),
            Self::Long => language.pick(
                format!("密码最多 {LONGEST_PASSWORD_BYTES} 字节"),
                format!("a password has {LONGEST_PASSWORD_BYTES} bytes at most"),
            ),
            Self::Name => {
                language.pick("密码里不能有账号".to_owned(), "a password does not hold the account's name".to_owned())
            }
            Self::Plain => language.pick(
                "密码太简单：不要只用一两个字符，也不要用键盘上连着的一串".to_owned(),
                "too plain: more than two different characters, and no row of the keyboard".to_owned(),
            ),
        }
    }
}

/// Looks at a password that somebody chose for an account.
pub fn weakness(password: &str, account: &str) -> Option<Weakness> {
    const ROWS: [&str; 5] = ["01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc"];
    let lower = password.to_lowercase();
    if password.chars().count() < SHORTEST_PASSWORD {
        return Some(Weakness::Short);
    }
    if password.len() > LONGEST_PASSWORD_BYTES {
        return Some(Weakness::Long);
    }
    if lower.contains(&account.to_lowercase()) && account.chars().count() > 2 {
        return Some(Weakness::Name);
    }
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let in_a_row = ROWS.iter().any(|row| {
        let rest = lower.replace(row, "");
        rest.chars().count() < 3 || row.contains(&lower)
    });
    (letters.len() < 3 || in_a_row).then_some(Weakness::Plain)
}

/// The hash of a password, argon2id with a salt of its own, as one line of text (PHC string).
///
/// # Errors
/// See [`SecretError`].
pub fn hash(password: &str) -> Result<String, SecretError> {
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes()).map_err(|_| SecretError::Hash)?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a hash. It takes a while, with every hash that [`hash`] made and with none.
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}

/// A password for somebody to use once and then to change: `k7qm-2fxh-9pwt-d4rz`.
///
/// # Errors
/// See [`SecretError`].
pub fn one_time_password() -> Result<String, SecretError> {
    let letters = letters(GROUPS * 4)?;
    let groups: Vec<&str> = (0..GROUPS).map(|group| &letters[group * 4..group * 4 + 4]).collect();
    Ok(groups.join("-"))
}

/// What a browser or a form sends back: nobody guesses it.
///
/// # Errors
/// See [`SecretError`].
pub fn session() -> Result<String, SecretError> {
    letters(LETTERS)
}

/// What a program shows instead of a password.
///
/// # Errors
/// See [`SecretError`].
pub fn token() -> Result<String, SecretError> {
    Ok(format!("{TOKEN_PREFIX}{}", letters(LETTERS)?))
}

/// What is kept of a session or a token.
pub fn digest(secret: &str) -> SecretDigest {
    Sm3::digest(secret.as_bytes()).into()
}

fn letters(count: usize) -> Result<String, SecretError> {
    let mut bytes = vec![0u8; count];
    getrandom::fill(&mut bytes).map_err(|_| SecretError::Random)?;
    Ok(bytes.into_iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let kept = hash("correct horse battery").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_password("correct horse battery", Some(&kept)));
        assert!(!is_password("correct horse batterz", Some(&kept)));
        assert!(!is_password("correct horse battery", None));
        assert!(!is_password("x", Some("no hash")));
        assert_ne!(kept, hash("correct horse battery").unwrap(), "each has a salt of its own");
    }

    #[test]
    fn nobody_has_a_hash_too_so_that_looking_takes_as_long() {
        let nobody = PasswordHash::new(NOBODY).expect("a hash");
        let somebody = hash("correct horse battery").unwrap();
        let somebody = PasswordHash::new(&somebody).unwrap();
        assert_eq!((nobody.algorithm, nobody.version), (somebody.algorithm, somebody.version));
        assert_eq!(nobody.params.to_string(), somebody.params.to_string());
        assert_eq!(nobody.hash.map(|hash| hash.len()), somebody.hash.map(|hash| hash.len()));
    }

    #[test]
    fn what_is_random_is_long_and_never_twice_the_same() {
        let made: std::collections::BTreeSet<String> = (0..200).map(|_| session().unwrap()).collect();
        assert_eq!(made.len(), 200);
        assert!(made.iter().all(|text| text.len() == LETTERS && text.bytes().all(|b| ALPHABET.contains(&b))));
        assert!(token().unwrap().starts_with(TOKEN_PREFIX));
        let password = one_time_password().unwrap();
        assert_eq!((password.len(), password.matches('-').count()), (19, 3), "{password}");
        assert_eq!(weakness(&password, "admin"), None);
    }

    #[test]
    fn weak_passwords_are_told_why() {
        for (password, why) in [
            ("", Some(Weakness::Short)),
            ("short", Some(Weakness::Short)),
            ("长长长长长", Some(Weakness::Short)),
            ("aaaaaaaaaaaa", Some(Weakness::Plain)),
            ("1234567890", Some(Weakness::Plain)),
            ("qwertyuiop12", Some(Weakness::Plain)),
            ("zhangwei2026!", Some(Weakness::Name)),
            ("湖北咸宁咸安区电子政务", None),
            ("tomato salad at noon", None),
        ] {
            assert_eq!(weakness(password, "zhangwei"), why, "{password}");
        }
        assert_eq!(weakness(&"x y z".repeat(60), "zhangwei"), Some(Weakness::Long));
    }
}
