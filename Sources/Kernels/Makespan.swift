/// How long `workers` need for tasks of the given lengths, handed out in order, each to the worker that is
/// free first, as ``ThreadPool`` does it.
///
/// Nothing else is modelled: the hand-over takes no time, and tasks do not hold each other up by sharing
/// memory or caches.
package func makespan(of tasks: [Double], workers: Int) -> Double {
    precondition(workers > 0, "makespan: \(workers) workers")
    // A heap of the times at which workers become free, the earliest first.
    var free = [Double](repeating: 0, count: min(workers, max(1, tasks.count)))
    var latest = 0.0
    for task in tasks {
        let done = free[0] + task
        latest = max(latest, done)
        var place = 0
        while true {
            let left = 2 * place + 1
            guard left < free.count else { break }
            let right = left + 1
            let child = right < free.count && free[right] < free[left] ? right : left
            guard free[child] < done else { break }
            free[place] = free[child]
            place = child
        }
        free[place] = done
    }
    return latest
}
