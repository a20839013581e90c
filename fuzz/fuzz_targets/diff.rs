#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| mcpset_fuzz::diff(data));
