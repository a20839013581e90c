//! What belongs to a set and is not part of its bundle: who applies it is not the cluster.

pub mod iam;
