//! The two ways in which CPython packs numbers into six bits a byte.

/// Reads bytes one after the other and knows where it is.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

const MORE: u8 = 0x40;
const DIGIT: u8 = 0x3f;

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Most significant digit first, as in exception tables. `None`: the bytes end or the number exceeds 32 bits.
    pub(super) fn big_endian(&mut self) -> Option<u32> {
        let mut value = 0u32;
        loop {
            let byte = self.byte()?;
            value = value.checked_mul(64)? | u32::from(byte & DIGIT);
            if byte & MORE == 0 {
                return Some(value);
            }
        }
    }

    /// Least significant digit first, as in line tables. `None`: as above.
    pub(super) fn little_endian(&mut self) -> Option<u32> {
        let mut value = 0u64;
        let mut shift = 0u32;
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & DIGIT) << shift;
            if value > u64::from(u32::MAX) {
                return None;
            }
            if byte & MORE == 0 {
                return u32::try_from(value).ok();
            }
            shift += 6;
            if shift > 30 {
                return None;
            }
        }
    }

    /// Like [`Reader::little_endian`], the sign in the lowest bit.
    pub(super) fn signed(&mut self) -> Option<i64> {
        let value = self.little_endian()?;
        let magnitude = i64::from(value >> 1);
        Some(if value & 1 == 1 {
            -magnitude
        } else {
            magnitude
        })
    }
}
