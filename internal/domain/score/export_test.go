package score

// Gather collects the facts of a meeting, and the rows each comes from.
var Gather = gather
