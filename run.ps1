# Audio Studio on Windows: what ./run does on Linux and macOS. Written, but not yet run on a Windows machine.
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$python = Join-Path $root '.venv\Scripts\python.exe'

# What the environment was made from; .venv\set-up-app holds the same when it is complete.
function Test-SetUp {
    $stamp = Join-Path $root '.venv\set-up-app'
    if (-not ((Test-Path $python) -and (Test-Path $stamp))) { return $false }
    $expected = [Text.Encoding]::UTF8.GetBytes("$root`n") +
        [IO.File]::ReadAllBytes((Join-Path $root '.venv\pyvenv.cfg')) +
        [IO.File]::ReadAllBytes((Join-Path $root 'packaging\locks\app.txt'))
    return [Linq.Enumerable]::SequenceEqual([byte[]]$expected, [IO.File]::ReadAllBytes($stamp))
}

function Find-Python {
    $check = 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'
    foreach ($candidate in @(@('py', '-3.11'), @('py', '-3.12'), @('python'))) {
        $program, $flags = $candidate
        if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { continue }
        & $program @flags -c $check 2>$null
        if ($LASTEXITCODE -eq 0) { return , $candidate }
    }
    throw 'Audio Studio needs Python 3.11 or 3.12: winget install Python.Python.3.11'
}

$userData = $env:AUDIOSTUDIO_PROFILE
for ($i = 0; $i -lt $args.Count; $i++) {
    if ($args[$i] -eq '--profile') { $userData = $args[$i + 1] }
    elseif ("$($args[$i])".StartsWith('--profile=')) { $userData = $args[$i].Substring(10) }
}
if (-not $userData) { $userData = Join-Path $env:LOCALAPPDATA 'AudioStudio' }

if (-not (Test-SetUp)) {
    $program, $flags = Find-Python
    & $program @flags -E -s (Join-Path $root 'packaging\bootstrap.py') app $userData @args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
& $python -m audiostudio @args
exit $LASTEXITCODE
