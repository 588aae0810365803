//! The one place that reads clocks. Everything else is told the time.

use std::time::Duration;

use linewatch_core::time::{ClockReading, Elapsed, Timestamp};

/// Reads the wall clock and the boot clock together.
pub fn read() -> ClockReading {
    ClockReading { wall: Timestamp(milliseconds(libc::CLOCK_REALTIME)), elapsed: elapsed() }
}

/// Milliseconds since boot, suspended time included.
pub fn elapsed() -> Elapsed {
    Elapsed(milliseconds(libc::CLOCK_BOOTTIME))
}

/// Time since boot, suspended time included, as finely as the kernel tells it: for measuring delays.
pub fn since_boot() -> Duration {
    let time = reading(libc::CLOCK_BOOTTIME);
    // Neither is ever negative on a boot clock, and nanoseconds are below 10⁹.
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

fn milliseconds(clock: libc::clockid_t) -> i64 {
    let time = reading(clock);
    time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

#[expect(unsafe_code, reason = "no safe wrapper in std reads CLOCK_BOOTTIME")]
fn reading(clock: libc::clockid_t) -> libc::timespec {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid timespec for the call to fill; both clocks exist on every Linux since 2.6.39.
    let status = unsafe { libc::clock_gettime(clock, &raw mut time) };
    debug_assert_eq!(status, 0, "clock_gettime");
    time
}
