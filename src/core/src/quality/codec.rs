//! The compact form in which quality is kept: varints (LEB128), and nothing that follows from the rest.
//!
//! ```text
//! quality = version(1) lost unsent [min  max-min  sum-answered*min  count*]      the bracket only if any was answered
//! count   = of each bucket from that of min to that of max; a zero is followed by how many more zeros there are
//! block   = (minute  length  quality)*                                           minute of the block the hour begins
//! ```

use std::collections::BTreeMap;

use super::delays::{Delays, bucket};
use super::{LineHour, Quality};
use crate::time::Timestamp;

/// The form that is written.
const VERSION: u8 = 1;
const MINUTE_MS: i64 = 60_000;
/// Twelve hours: at some 35 bytes an hour nine rows fill a page of 4 KiB, while a row of a whole day would leave a fifth
/// of it empty, and with lively lines overflow it.
const BLOCK_MS: i64 = 12 * 60 * MINUTE_MS;

/// Bytes are no quality for this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotQuality {
    /// Of a version that this program does not know.
    #[error("hourly quality of version {0}, written by a newer linewatch")]
    Newer(u8),
    /// Damaged.
    #[error("the bytes are no hourly quality")]
    Damaged,
}

impl Quality {
    /// The compact form; some 30 bytes for an hour of 1,800 probes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        put(&mut bytes, self.lost);
        put(&mut bytes, self.unsent);
        let delays = &self.delays;
        if let (Some(min), Some(max)) = (delays.min_us(), delays.max_us()) {
            put(&mut bytes, u64::from(min));
            put(&mut bytes, u64::from(max - min));
            put(&mut bytes, delays.sum_us().saturating_sub(u64::from(min).saturating_mul(delays.answered())));
            put_counts(&mut bytes, delays.counts());
        }
        bytes
    }

    /// Reads the compact form.
    ///
    /// # Errors
    /// When the bytes are of a newer version, cut off, too long, or say what cannot be.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotQuality> {
        let (version, mut rest) = bytes.split_first().ok_or(NotQuality::Damaged)?;
        if *version != VERSION {
            return Err(if *version > VERSION { NotQuality::Newer(*version) } else { NotQuality::Damaged });
        }
        let (lost, unsent) = (take(&mut rest)?, take(&mut rest)?);
        let delays = if rest.is_empty() { Delays::default() } else { take_delays(&mut rest)? };
        if rest.is_empty() { Ok(Self { lost, unsent, delays }) } else { Err(NotQuality::Damaged) }
    }
}

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

fn put_counts(bytes: &mut Vec<u8>, counts: &[u32]) {
    let mut counts = counts.iter().peekable();
    while let Some(count) = counts.next() {
        put(bytes, u64::from(*count));
        if *count == 0 {
            let mut more = 0;
            while counts.next_if(|next| **next == 0).is_some() {
                more += 1;
            }
            put(bytes, more);
        }
    }
}

fn take(bytes: &mut &[u8]) -> Result<u64, NotQuality> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(NotQuality::Damaged)?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        if part << shift >> shift != part {
            return Err(NotQuality::Damaged);
        }
        value |= part << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(NotQuality::Damaged)
}

fn take_u32(bytes: &mut &[u8]) -> Result<u32, NotQuality> {
    u32::try_from(take(bytes)?).map_err(|_| NotQuality::Damaged)
}

fn take_delays(bytes: &mut &[u8]) -> Result<Delays, NotQuality> {
    let read = |bytes: &mut &[u8]| -> Result<Option<Delays>, NotQuality> {
        let min = take_u32(bytes)?;
        let Some(max) = min.checked_add(take_u32(bytes)?) else { return Ok(None) };
        let excess = take(bytes)?;
        let length = bucket(max) - bucket(min) + 1;
        let mut counts = Vec::with_capacity(length);
        while counts.len() < length {
            let count = take_u32(bytes)?;
            counts.push(count);
            if count == 0 {
                let more = take(bytes)?;
                if more > (length - counts.len()) as u64 {
                    return Ok(None);
                }
                counts.extend((0..more).map(|_| 0));
            }
        }
        let answered: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        if u128::from(excess) > u128::from(answered) * u128::from(max - min) {
            return Ok(None);
        }
        let sum = u64::from(min).checked_mul(answered).and_then(|least| least.checked_add(excess));
        Ok(sum.and_then(|sum| Delays::of_parts(min, max, sum, counts)))
    };
    read(bytes)?.ok_or(NotQuality::Damaged)
}

/// The hours of one line that begin within the same half day of UTC, kept together: a row of its own for each hour
/// would cost half as much again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block(BTreeMap<u16, Quality>);

impl Block {
    /// The number of the block that keeps an hour: half days since 1970 in UTC, whatever the site's zone.
    pub fn number(start: Timestamp) -> i64 {
        start.0.div_euclid(BLOCK_MS)
    }

    /// Adds an hour of this block, or a part of one.
    pub fn add(&mut self, hour: &LineHour) {
        let minute = hour.start.0.rem_euclid(BLOCK_MS) / MINUTE_MS;
        // A block has 720 minutes.
        let minute = u16::try_from(minute).unwrap_or_default();
        self.0.entry(minute).or_default().merge(&hour.quality);
    }

    /// The hours of block `number`, each with its start.
    pub fn hours(&self, number: i64) -> impl Iterator<Item = (Timestamp, &Quality)> {
        let begin = number.saturating_mul(BLOCK_MS);
        self.0.iter().map(move |(minute, quality)| (Timestamp(begin + i64::from(*minute) * MINUTE_MS), quality))
    }

    /// The compact form.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (minute, quality) in &self.0 {
            let encoded = quality.encode();
            put(&mut bytes, u64::from(*minute));
            put(&mut bytes, encoded.len() as u64);
            bytes.extend(encoded);
        }
        bytes
    }

    /// Reads the compact form.
    ///
    /// # Errors
    /// When the bytes are damaged or of a newer version.
    pub fn decode(mut bytes: &[u8]) -> Result<Self, NotQuality> {
        let mut hours = BTreeMap::new();
        while !bytes.is_empty() {
            let minute = take(&mut bytes)?;
            let length = usize::try_from(take(&mut bytes)?).map_err(|_| NotQuality::Damaged)?;
            let (encoded, rest) = bytes.split_at_checked(length).ok_or(NotQuality::Damaged)?;
            bytes = rest;
            let minute = u16::try_from(minute).ok().filter(|minute| i64::from(*minute) * MINUTE_MS < BLOCK_MS);
            let before = hours.insert(minute.ok_or(NotQuality::Damaged)?, Quality::decode(encoded)?);
            if before.is_some() {
                return Err(NotQuality::Damaged);
            }
        }
        Ok(Self(hours))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quality(lost: u64, unsent: u64, delays: &[u32]) -> Quality {
        let mut quality = Quality { lost, unsent, ..Quality::default() };
        for delay in delays {
            quality.delays.observe(*delay);
        }
        quality
    }

    #[test]
    fn the_compact_form_is_what_it_always_was() {
        let quality = quality(1, 300, &[800, 810, 1000, 1000]);
        let bytes = [1, 1, 0xac, 2, 0xa0, 6, 0xc8, 1, 0x9a, 3, 2, 0, 4, 2];
        assert_eq!(quality.encode(), bytes);
        assert_eq!(Quality::decode(&bytes), Ok(quality));
    }

    #[test]
    fn an_hour_of_a_good_line_takes_no_more_than_40_bytes() {
        // 1,800 probes between 1.6 and 2.4 ms, two late ones, three losses.
        let mut delays: Vec<u32> = (0..1798).map(|number: u32| 1600 + number * 7919 % 800).collect();
        delays.extend([9_000, 48_000]);
        let bytes = quality(3, 0, &delays).encode();
        assert!(bytes.len() <= 40, "{} bytes", bytes.len());
    }

    #[test]
    fn bytes_of_a_newer_version_are_told_apart() {
        assert_eq!(Quality::decode(&[2, 0, 0]), Err(NotQuality::Newer(2)));
        assert_eq!(Quality::decode(&[0, 0, 0]), Err(NotQuality::Damaged));
        assert_eq!(Quality::decode(&[]), Err(NotQuality::Damaged));
    }

    #[test]
    fn an_endless_run_of_zeros_and_an_endless_number_are_damage() {
        let zeros = [1, 0, 0, 0, 0xff, 0xff, 0x3f, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert_eq!(Quality::decode(&zeros), Err(NotQuality::Damaged));
        assert_eq!(Quality::decode(&[&[1][..], &[0xff; 30]].concat()), Err(NotQuality::Damaged));
    }

    #[test]
    fn hours_of_a_block_keep_their_starts_also_in_zones_of_half_hours() {
        let mut block = Block::default();
        let start = Timestamp(20_000 * BLOCK_MS + 90 * MINUTE_MS);
        let hour = |delay| LineHour { line: "V".into(), start, quality: quality(0, 1, &[delay]) };
        block.add(&hour(5));
        block.add(&hour(7));
        let number = Block::number(start);
        let expected = quality(0, 2, &[5, 7]);
        assert_eq!(block.hours(number).collect::<Vec<_>>(), [(start, &expected)]);
    }

    #[test]
    fn what_cannot_be_is_damage() {
        // One delay of 40 µs: lost, unsent, min, max − min, excess, count.
        assert_eq!(Quality::decode(&[1, 0, 0, 40, 0, 0, 1]), Ok(quality(0, 0, &[40])));
        for (bytes, what) in [
            (&[1, 0][..], "cut off"),
            (&[1, 0, 0, 40, 0, 0], "cut off before the count"),
            (&[1, 0, 0, 40, 0, 0, 1, 1], "too long"),
            (&[1, 0, 0, 40, 0, 0, 0, 0], "nothing was counted"),
            (&[1, 0, 0, 40, 0, 1, 1], "a sum above the longest"),
            (&[1, 0, 0, 40, 5, 11, 1, 0, 0, 1], "a sum above the longest of each"),
            (&[1, 0, 0, 40, 5, 5, 1, 0, 1, 1], "more zeros than buckets"),
            (&[1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0, 1, 1], "longer than a delay can be"),
        ] {
            assert_eq!(Quality::decode(bytes), Err(NotQuality::Damaged), "{what}");
        }
        let sum_of_both = Quality::decode(&[1, 0, 0, 40, 5, 5, 1, 0, 0, 1]).expect("40 and 45");
        assert_eq!(sum_of_both, quality(0, 0, &[40, 45]));
        assert_eq!(NotQuality::Newer(2).to_string(), "hourly quality of version 2, written by a newer linewatch");
    }

    #[test]
    fn a_number_takes_seven_bits_a_byte_and_no_more_than_64_in_all() {
        for (value, bytes) in [
            (0, &[0][..]),
            (127, &[0x7f]),
            (128, &[0x80, 1]),
            (u64::MAX, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
        ] {
            let mut written = Vec::new();
            put(&mut written, value);
            assert_eq!(written, bytes);
            let mut rest = bytes;
            assert_eq!((take(&mut rest), rest.len()), (Ok(value), 0));
        }
        let more = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2];
        assert_eq!(take(&mut more.as_slice()), Err(NotQuality::Damaged));
    }

    #[test]
    fn a_block_holds_the_hours_of_half_a_day_also_before_1970() {
        for (start, number) in
            [(0, 0), (BLOCK_MS - 1, 0), (BLOCK_MS, 1), (-1, -1), (-BLOCK_MS, -1), (-BLOCK_MS - 1, -2)]
        {
            assert_eq!(Block::number(Timestamp(start)), number, "{start}");
        }
        let mut block = Block::default();
        let start = Timestamp(-90 * MINUTE_MS);
        block.add(&LineHour { line: "V".into(), start, quality: quality(1, 0, &[]) });
        assert_eq!(block.hours(-1).map(|(start, _)| start).collect::<Vec<_>>(), [start]);
        // Minute 719 is the last one; the same minute twice is damage.
        let empty = Quality::default().encode();
        let hour = |minute: u64| {
            let mut bytes = Vec::new();
            put(&mut bytes, minute);
            put(&mut bytes, empty.len() as u64);
            [bytes, empty.clone()].concat()
        };
        assert!(Block::decode(&[hour(0), hour(719)].concat()).is_ok());
        assert_eq!(Block::decode(&hour(720)), Err(NotQuality::Damaged));
        assert_eq!(Block::decode(&[hour(7), hour(7)].concat()), Err(NotQuality::Damaged));
    }

    proptest! {
        #[test]
        fn quality_comes_back_as_it_was(
            lost in any::<u64>(), unsent in any::<u64>(), delays in prop::collection::vec(any::<u32>(), 0..60)
        ) {
            let quality = quality(lost, unsent, &delays);
            prop_assert_eq!(Quality::decode(&quality.encode()), Ok(quality));
        }

        #[test]
        fn a_block_comes_back_as_it_was(
            hours in prop::collection::vec((0..720i64, any::<u16>(), prop::collection::vec(0..9_000u32, 0..9)), 0..24)
        ) {
            let mut block = Block::default();
            for (minute, lost, delays) in hours {
                let start = Timestamp(minute * MINUTE_MS);
                block.add(&LineHour { line: "V".into(), start, quality: quality(u64::from(lost), 0, &delays) });
            }
            prop_assert_eq!(Block::decode(&block.encode()), Ok(block));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            // Whatever is read can be added up, asked and written again.
            let versioned = [&[VERSION][..], &bytes].concat();
            if let Ok(mut read) = Quality::decode(&versioned) {
                prop_assert_eq!(Quality::decode(&read.encode()), Ok(read.clone()));
                read.merge(&read.clone());
                prop_assert!(read.delays.percentile_us(95).is_some() == read.delays.mean_us().is_some());
            }
            if let Ok(block) = Block::decode(&bytes) {
                prop_assert_eq!(Block::decode(&block.encode()), Ok(block));
            }
        }

        #[test]
        fn damage_to_one_byte_makes_no_panic(
            delays in prop::collection::vec(0..5_000u32, 1..60), place in any::<prop::sample::Index>(), byte in any::<u8>()
        ) {
            let mut bytes = quality(1, 2, &delays).encode();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if let Ok(read) = Quality::decode(&bytes) {
                prop_assert!(read.delays.min_us() <= read.delays.max_us());
            }
        }
    }
}
