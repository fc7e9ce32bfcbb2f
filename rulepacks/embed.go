// Package rulepacks holds the regulations as dated data. README.md says how
// a pack is written; kernel/rulepack reads them.
package rulepacks

import "embed"

// Files is every pack of the program.
//
//go:embed */*.yaml */cases/*.yaml
var Files embed.FS
