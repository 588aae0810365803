//! The one binary.

fn main() -> std::process::ExitCode {
    linewatch::cli::main()
}
