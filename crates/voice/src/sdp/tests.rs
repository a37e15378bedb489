//! What phones really send, and what is answered.
