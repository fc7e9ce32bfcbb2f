package limit

// Kept is how many buckets are in memory.
func (b *Buckets[K]) Kept() int { return len(b.used) }
