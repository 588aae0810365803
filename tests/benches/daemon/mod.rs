//! The whole program as a contender: started with its own inventory, asked over HTTP, timed by the kernel.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::address;

/// Sent and answered probes or why not, and the CPU time they took in microseconds.
pub type Measured = (Result<(u32, u32), String>, Option<i64>);

/// How long all lines may take to be up.
const PATIENCE_SECONDS: u32 = 60;

/// Runs the program on so many lines for so long.
pub fn measure(lines: u32, seconds: u32) -> Measured {
    match Running::start(lines).and_then(|mut running| running.watch(lines, seconds)) {
        Ok((sent, lost, cpu_us)) => (Ok((sent, sent - lost)), Some(cpu_us)),
        Err(reason) => (Err(reason), None),
    }
}

struct Running {
    process: Child,
    server: String,
    _folder: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is waited for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Running {
    fn start(lines: u32) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        write_files(folder.path(), lines).map_err(|error| error.to_string())?;
        let mut process = Command::new(env!("CARGO_BIN_EXE_linewatch"))
            .args(["run", "--config"])
            .arg(folder.path().join("linewatch.toml"))
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut log = BufReader::new(process.stderr.take().ok_or("no log")?).lines();
        let found = log.by_ref().map_while(Result::ok).find_map(|line| {
            let rest = line.split_once("pages on http://")?.1;
            Some(rest.split('/').next()?.to_owned())
        });
        // The rest of the log is read, so that the program never waits for us.
        std::thread::spawn(move || log.for_each(drop));
        match found {
            Some(server) => Ok(Self { process, server, _folder: folder }),
            None => Err("it did not start".to_owned()),
        }
    }

    fn watch(&mut self, lines: u32, seconds: u32) -> Result<(u32, u32, i64), String> {
        let mut waited = 0;
        while self.sum("linewatch_line_up")? != lines {
            if waited == PATIENCE_SECONDS {
                return Err(format!("not all lines were up after {waited} s"));
            }
            std::thread::sleep(Duration::from_secs(1));
            waited += 1;
        }
        let (sent, lost) =
            (self.sum("linewatch_line_probes_sent_total")?, self.sum("linewatch_line_probes_lost_total")?);
        let before = self.cpu_us()?;
        std::thread::sleep(Duration::from_secs(u64::from(seconds)));
        let cpu = self.cpu_us()? - before;
        let sent = self.sum("linewatch_line_probes_sent_total")? - sent;
        Ok((sent, self.sum("linewatch_line_probes_lost_total")? - lost, cpu))
    }

    /// The sum of a metric over all lines.
    fn sum(&self, name: &str) -> Result<u32, String> {
        let mut stream = TcpStream::connect(&self.server).map_err(|error| error.to_string())?;
        let request = "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
        let mut text = String::new();
        stream.read_to_string(&mut text).map_err(|error| error.to_string())?;
        let values = text.lines().filter(|line| line.starts_with(name) && line[name.len()..].starts_with('{'));
        Ok(values.filter_map(|line| line.rsplit(' ').next()?.parse::<u32>().ok()).sum())
    }

    /// User and system time so far.
    fn cpu_us(&self) -> Result<i64, String> {
        let path = format!("/proc/{}/stat", self.process.id());
        let stat = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let fields: Vec<&str> = stat.rsplit_once(')').ok_or("no stat")?.1.split_whitespace().collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<i64>().ok()).ok_or("no stat");
        // Linux counts in hundredths of a second for every architecture that it shows to programs.
        Ok((ticks(11)? + ticks(12)?) * 10_000)
    }
}

fn write_files(folder: &Path, lines: u32) -> std::io::Result<()> {
    let config = "[site]\nname = \"bench\"\nlanguage = \"en\"\n[http]\nlisten = \"127.0.0.1:0\"\n\
                  [store]\npath = \"data/journal.db\"\n[inventory]\nfile = \"lines.csv\"\n\
                  [probe]\ninterval = \"1s\"\ntimeout = \"1s\"\nretry_interval = \"1s\"\n\
                  [references]\naddresses = [\"127.0.0.2\"]\n";
    fs::write(folder.join("linewatch.toml"), config)?;
    let mut table = "id,name,class,address\n".to_owned();
    for number in 0..lines {
        let _ = writeln!(table, "L-{number:05},line,village,{}", address(number));
    }
    fs::write(folder.join("lines.csv"), table)
}
