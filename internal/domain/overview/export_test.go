package overview

// KeptList is the list as the job keeps it, which See reads of units with many
// cells.
var KeptList = watchList
