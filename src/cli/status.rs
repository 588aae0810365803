//! `linewatch status`: asks the daemon and prints what it says.

use std::io::{self, IsTerminal, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::{Common, Failure};
use crate::language::Language;
use crate::report::table::{self, Colours};
use crate::web::control::{Answer, Question, path_beside};

/// The daemon answers at once or not at all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Options of `status`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this line, with its details
    #[arg(value_name = "LINE")]
    line: Option<String>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Control socket of the daemon [default: control.sock beside the store]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, common: &Common) -> Result<(), Failure> {
    let asked = common.language();
    let said = common.language_without_config();
    let socket = match args.socket.clone() {
        Some(socket) => socket,
        None => path_beside(&common.load_config()?.store.path),
    };
    let question = args.line.as_ref().map_or(Question::Status {}, |line| Question::Line { line: line.clone() });
    let text = match ask(&socket, &question).map_err(|error| unanswered(&socket, &error, said))? {
        Answer::Status(report) if args.json => json(&report)?,
        Answer::Line(report) if args.json => json(&report)?,
        Answer::Status(report) => table::status(&report, asked.unwrap_or(report.language), colours()),
        Answer::Line(report) => table::line(&report, asked.unwrap_or(report.language), colours()),
        Answer::NoSuchLine => return Err(no_such_line(args.line.as_deref().unwrap_or_default(), said)),
        Answer::Starting => {
            let sentence =
                said.pick("监测程序正在启动或停止，请稍后再试", "the daemon is starting or stopping, try again soon");
            return Err(Failure(sentence.to_owned()));
        }
        Answer::Misunderstood(why) => {
            return Err(Failure(said.pick(
                format!("监测程序看不懂这个问题（{why}）：它可能是另一个版本，请重新启动它"),
                format!("the daemon does not understand the question ({why}): it may be another version, restart it"),
            )));
        }
    };
    print(&text)
}

/// A reader that went away (`status | head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn json(report: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// Colours for a terminal whose owner did not ask for none (no-color.org).
fn colours() -> Colours {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if unwanted || !io::stdout().is_terminal() { Colours::Plain } else { Colours::Ansi }
}

fn ask(socket: &Path, question: &Question) -> io::Result<Answer> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut text = serde_json::to_vec(question)?;
    text.push(b'\n');
    stream.write_all(&text)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(serde_json::from_slice(&answer)?)
}

fn no_such_line(line: &str, language: Language) -> Failure {
    Failure(language.pick(
        format!("没有编号为 {line} 的在用线路；用 linewatch lines 查看全部编号"),
        format!("no line {line} is in service; linewatch lines prints all of them"),
    ))
}

/// Why nobody answered, and what to do.
fn unanswered(socket: &Path, error: &io::Error, language: Language) -> Failure {
    let path = socket.display();
    Failure(match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => language.pick(
            format!("监测程序没有运行（{path} 无应答）：请用 linewatch run 启动"),
            format!("the daemon is not running (nobody answers at {path}); start it with: linewatch run"),
        ),
        io::ErrorKind::PermissionDenied => language.pick(
            format!("没有权限连接 {path}：请换用运行监测程序的账号，或加入它的用户组"),
            format!("no permission to connect to {path}: run as the daemon's user or join its group"),
        ),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => language.pick(
            format!("监测程序在 {} 秒内没有回答（{path}）", PATIENCE.as_secs()),
            format!("the daemon did not answer within {} s at {path}", PATIENCE.as_secs()),
        ),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => language.pick(
            format!("看不懂监测程序的回答（{path}：{error}）：它可能是另一个版本，请重新启动它"),
            format!("cannot read the daemon's answer at {path} ({error}): it may be another version, restart it"),
        ),
        _ => language
            .pick(format!("无法询问监测程序（{path}）：{error}"), format!("cannot ask the daemon at {path}: {error}")),
    })
}
