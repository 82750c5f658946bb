//go:build linux

package endurance

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// BenchmarkSmallFiles sends files of 1 KB from 16 clients, up to 1603 for each, and
// measures the disk beside it: how often one writer can make a kilobyte durable, and
// 16 writers together. The server answers only for what is durable, so no count of
// files per second means anything without them.
func BenchmarkSmallFiles(b *testing.B) {
	const clients, files = 16, 5000
	dir := b.TempDir()
	p := start(b, setup{dir: dir})
	var all []*client
	for i := range clients {
		all = append(all, mustJoin(b, p.addr, fmt.Sprint("client ", i)))
	}
	content := make([]byte, 1000)
	var served, one, many time.Duration
	rounds := 0
	for b.Loop() {
		rounds++
		one += syncs(b, dir, 1, files/10)
		many += syncs(b, dir, clients, files)
		began := time.Now()
		inParallel(b, clients, func(i int) error {
			for n := i; n < files; n += clients {
				if err := all[i].upload(fmt.Sprint(rounds, "-", n), content); err != nil {
					return err
				}
			}
			return nil
		})
		served += time.Since(began)
	}
	perSecond := func(n int, d time.Duration) float64 { return float64(n*rounds) / d.Seconds() }
	b.ReportMetric(perSecond(files, served), "files/s")
	b.ReportMetric(perSecond(files/10, one), "fsync/s")
	b.ReportMetric(perSecond(files, many), "fsync/s-of-16")
	b.ReportMetric(perSecond(files, served)/perSecond(files/10, one), "files/fsync")
	b.ReportMetric(0, "ns/op")
}

// syncs makes n kilobytes durable, one after the other in a file for each writer,
// and says how long that takes.
func syncs(t testing.TB, dir string, writers, n int) time.Duration {
	t.Helper()
	began := time.Now()
	inParallel(t, writers, func(i int) error {
		path := filepath.Join(dir, fmt.Sprint("sync-", i))
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close(); _ = os.Remove(path) }()
		for range n / writers {
			if _, err := file.Write(make([]byte, 1000)); err != nil {
				return err
			}
			if err := file.Sync(); err != nil {
				return err
			}
		}
		return nil
	})
	return time.Since(began)
}

// inParallel runs n workers to their end; the first error fails the test.
func inParallel(t testing.TB, n int, work func(i int) error) {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = work(i) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("worker %d: %v", i, err)
		}
	}
}
