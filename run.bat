@echo off
rem Audio Studio on Windows; see run.ps1. Written, but not yet run on a Windows machine.
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0run.ps1" %*
exit /b %ERRORLEVEL%
