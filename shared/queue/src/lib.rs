//! SQS: durable hand-over of work between functions.
